"""Keep step with a WordPress that has nothing of ours: poll it, give its comments their status."""
