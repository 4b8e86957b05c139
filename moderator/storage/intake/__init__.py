"""What sites send, stored before it is answered, and what an event does to a row."""
