"""What people's decisions taught: models of sites, what was said of hosts, feedback."""
