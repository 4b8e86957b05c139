"""How jobs run: drained one at a time or flowing many at once, swept, stood in for."""
