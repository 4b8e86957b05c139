"""Wires what operators call: a database that is there, and the doctor."""
