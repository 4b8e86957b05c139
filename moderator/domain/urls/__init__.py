"""What an address says: parsed as browsers do, whose host it names, which page it is."""
