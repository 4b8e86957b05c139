"""The guarded way to addresses that strangers name: judged, bounded, paid for."""
