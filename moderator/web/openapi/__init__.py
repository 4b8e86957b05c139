"""The service's own description: an OpenAPI document, and a page that shows it."""
