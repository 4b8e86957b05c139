"""What facts without words weigh: fitted by `python -m benchmarks.fit_facts`, whole blogs left out.

A fact holds or clears, it never condemns: see domain/policy.py. The text's weight is the unit.
"""

from types import MappingProxyType

WEIGHTS = MappingProxyType(
    {
        "known": -0.6,
        "page": 0.7,
        "page_record": 0.2,
        "page_portal": 0.2,
        "page_query": 0.1,
        "page_path": 0.05,
        "page_nowhere": 0.15,
        "link": 0.2,
        "link_record": 0.1,
        "links": 0.1,
        "one_word": 0.3,
    }
)
CIRCUMSTANCES = frozenset(WEIGHTS) - {"known"}  # the checks that never condemn
