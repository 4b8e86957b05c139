"""What a copy, a duplicate, is: what one hand sent again at the same place, and which one stays."""
