"""What came before, and beside, a submission: campaigns, crowds, what people said of a name."""
