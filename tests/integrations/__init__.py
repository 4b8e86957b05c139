"""What stands beside the product, as far as it needs no other program."""
