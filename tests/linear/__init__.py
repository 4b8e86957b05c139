"""Whatever strangers send costs linear time: work is counted here, never seconds.

`steps.py` counts what a backtracking matcher does with a pattern: the same on every machine.
"""
