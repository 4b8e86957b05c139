"""Comment moderation for blogs: webhook in, checks, a verdict out. Start reading at usecases/."""

__version__ = "0.1.0"
