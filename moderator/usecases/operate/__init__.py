"""What an operator does: register sites, ask whether all is well."""
