"""How the shared model is trained and measured; nothing of it runs in the service."""
