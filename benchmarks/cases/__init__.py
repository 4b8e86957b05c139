"""Cases from the field, one JSON object a line, sent through the product by the door each names."""
