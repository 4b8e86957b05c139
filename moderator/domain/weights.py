"""What facts without words weigh: fitted by `python -m benchmarks.fit_facts`, whole blogs left out.

A fact holds or clears, it never condemns: see domain/policy.py. The text's weight is the unit.
"""

from types import MappingProxyType

WEIGHTS = MappingProxyType(
    {
        "known": -0.6,
        "page": 0.5,
        "page_record": 0.25,
        "page_portal": 0.1,
        "page_query": 0.06,
        "page_nowhere": 0.1,
        "link": 0.05,
        "link_record": 0.15,
        "links": 0.11,
        "one_word": 0.1,
    }
)
CIRCUMSTANCES = frozenset(WEIGHTS) - {"known"} | {"flood"}  # the checks that never condemn
