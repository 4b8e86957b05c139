"""What a copy is: what one hand sent again at the same place, and which one stays."""
