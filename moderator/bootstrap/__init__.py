"""Wires real parts together: the only room that knows stores and clients by name."""
