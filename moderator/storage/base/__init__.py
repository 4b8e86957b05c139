"""What every store stands on: transactions, statements, values in columns, times."""
