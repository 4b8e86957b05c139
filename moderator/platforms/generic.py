"""A platform without words of its own: our statuses as they are."""

from moderator.domain.verdict import Verdict


class Generic:
    name = "generic"

    def status_native(self, verdict: Verdict) -> str:
        return verdict.status
