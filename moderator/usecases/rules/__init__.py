"""What people do with rules: make, try, let act and take back; thresholds; settings of a blog."""
