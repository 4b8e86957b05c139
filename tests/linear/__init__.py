"""Whatever strangers send costs linear time: work is counted here, never seconds.

`steps.py` counts what a backtracking matcher does with a pattern; `counting.py` counts the characters
that our own code looks at or copies. Both count the same on every machine.
"""
