"""What Redis is asked: hints to the workers, the index of near copies."""
