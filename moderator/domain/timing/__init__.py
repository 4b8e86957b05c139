"""Time without a clock: token buckets, deadlines, dates as blogs write them."""
