"""`make conformance`: the linkback and the SSRF suite against what every process uses."""

import sys

from tests.conformance import linkbacks, loopback, places, ssrf
from tests.conformance.report import Result, share

SHOULD = 0.9


def main() -> int:
    folder = places.suites()
    if folder is None:
        print(f"SKIPPED: no conformance suites; name their folder in {places.VARIABLE}")
        return 0
    loopback.stay_inside()
    print("--- linkbacks")
    linked, canary = linkbacks.run(folder / "linkback")
    print("--- guarded door")
    guarded = ssrf.run(places.read_cases(folder / "security" / "ssrf_cases.jsonl"))
    return 0 if _conclude(linked, canary, guarded) else 1


def _conclude(linked: list[Result], canary: int, guarded: list[Result]) -> bool:
    print("--- summary")
    for level in ("must", "should", "policy"):
        right, of = share(linked, level)
        print(f"linkback {level:7} {right} of {of}")
    right, of = share(guarded, "ssrf")
    slowest = max((*linked, *guarded), key=lambda result: result.seconds)
    print(f"ssrf             {right} of {of}")
    print(f"canary           {canary} connections; {len(loopback.outside)} tries to leave loopback")
    print(f"slowest          {slowest.seconds:.1f} s ({slowest.name})")
    must, should = share(linked, "must"), share(linked, "should")
    return (
        must[0] == must[1]
        and should[0] >= SHOULD * should[1]
        and right == of
        and canary == 0
        and not loopback.outside
    )


sys.exit(main())
