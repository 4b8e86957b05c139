"""WordPress says approve, hold, spam and trash (wp_set_comment_status)."""

from moderator.domain.verdict import Verdict

WORDS = {
    Verdict.APPROVE: "approve",
    Verdict.HOLD: "hold",
    Verdict.SPAM: "spam",
    Verdict.DISCARD: "trash",
}


class WordPress:
    name = "wordpress"

    def status_native(self, verdict: Verdict) -> str:
        return WORDS[verdict]
