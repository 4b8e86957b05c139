"""Decisions with their callbacks in one transaction, and the outbox that they wait in."""
