"""Take in what a site sends: who asks, and whether there is room."""
