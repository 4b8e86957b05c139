"""What one site teaches while its stream is judged: each word of a person counts from then on."""

from dataclasses import dataclass, field

from moderator.domain.verdict import Verdict
from moderator.judgement.learning.site_layer import SiteLayer
from moderator.judgement.learning.teaching import Lesson, learn, lesson
from moderator.judgement.text.model import Model

TEACHES = frozenset({Verdict.SPAM, Verdict.APPROVE})  # what is thrown away teaches nothing


@dataclass(slots=True)
class StreamLearner:
    model: Model
    layer: SiteLayer = field(default_factory=SiteLayer)
    _heard: dict[str, Lesson] = field(default_factory=dict)

    def layer_of(self, site_id: str) -> SiteLayer | None:
        return self.layer if self.layer.lessons else None

    def told(self, text: str, verdict: Verdict) -> None:
        """Learn from what a person said of a text."""
        if text and verdict in TEACHES:
            key = f"{len(self._heard):08x}"
            new = lesson(key, text, is_spam=verdict is Verdict.SPAM)
            self.layer = learn(self.layer, [new], self._heard, self.model)
            self._heard[key] = new
