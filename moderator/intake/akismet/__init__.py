"""What Akismet clients say: a form in, a Submission out."""
