"""What a site was sent, and what it shows, read in order."""
