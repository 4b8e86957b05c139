"""Does the text read like spam? The model's opinion, which alone can hold but never condemn.

Political opinions, other languages and links must not be called spam, so in this order:
1. the model was not asked, or there are no words beside a link or a mark -> neutral;
2. too little of the language is known to it -> suspect, enough to hold; policy calls it spam only
   if something else is spam by itself;
3. the text is surely spam and names a telephone number, an e-mail address or a messenger -> suspect
   by the full probability;
4. otherwise the probability counts, what is over one half by half, which stops short of the spam
   threshold: another check must bring evidence of its own (author, hosts, repetition, lists).
"""

import re

from moderator.domain.check import Context, TextScore
from moderator.domain.facts import Facts
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import UNKNOWN_LANGUAGE
from moderator.domain.submission import Submission

NAME = "spam_text"
UNREAD = 0.4  # what holds under the usual policy
GUESSED = 0.15  # times the probability: among those that wait the worst come first
HALF = 0.5
SPEECHLESS = 12  # characters that may have no words: "+1", "10/10", ":-)", what was but a link
FEWEST_LETTERS = 2
ALONE = 0.75  # the most that the text alone may weigh
SURE = 0.97
LIKELY = 0.4
UNLIKELY = 0.1

# A telephone number, an e-mail address, a messenger: ways to be reached. A link is none: honest
# comments have links too.
MESSENGERS = ("whatsapp", "telegram", "wechat")
DIGIT = re.compile(r"\d")
NETWORK = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")  # the address of a machine
CONTACT = re.compile(r"[\w.+-]@[\w-]+\.\w|\b(?:whatsapp|telegram|wechat)\b|(?:\d[\s().-]{0,2}){9}")


class ReadsLikeSpam:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        score = context.text_score
        if score is None:
            return Finding(NAME, Signal.NEUTRAL, "The text was not scored")
        prose = context.about(submission).prose
        if len(prose) <= SPEECHLESS and sum(map(str.isalpha, prose)) < FEWEST_LETTERS:
            return Finding(NAME, Signal.NEUTRAL, "There are no words to judge")
        if not score.is_familiar:
            return Finding(
                NAME,
                Signal.SUSPECT,
                "The language of the text is new here, so a person should read it",
                code=UNKNOWN_LANGUAGE,
                weight=round(UNREAD + GUESSED * score.probability, 4),
                evidence={"probability": score.probability, "model": score.model},
            )
        return _judged(context.about(submission), score)


def _judged(facts: Facts, score: TextScore) -> Finding:
    chance = score.probability
    evidence: dict[str, object] = {
        "probability": chance,
        "model": score.model,
        "theme": score.theme,
        "carried_by": [[carrier.words, carrier.log_odds] for carrier in score.carriers],
    }
    if chance < UNLIKELY:
        reason = f"The text reads like an honest comment ({chance:.0%} spam)"
        return Finding(NAME, Signal.HAM, reason, "honest_text", chance, evidence)
    if chance < LIKELY:
        reason = f"The text reads a little like spam ({chance:.0%})"
        return Finding(NAME, Signal.SUSPECT, reason, "doubtful_text", chance, evidence)
    because = ", ".join(f"“{carrier.words}”" for carrier in score.carriers)
    theme = f", probably {score.theme}" if score.theme else ""
    reason = f"The text reads like spam ({chance:.0%}){theme}" + f": {because}" * bool(because)
    wants_contact = chance >= SURE and _names_contact(facts.prose)
    weight = chance if wants_contact else tempered(chance)
    return Finding(NAME, Signal.SUSPECT, reason, "spam_text", weight, evidence)


def _names_contact(prose: str) -> bool:
    """Whether there is a way to be reached; most texts have not even a piece of one."""
    if "@" in prose or any(name in prose for name in MESSENGERS):
        return CONTACT.search(prose) is not None
    return DIGIT.search(prose) is not None and CONTACT.search(NETWORK.sub(" ", prose)) is not None


def tempered(chance: float) -> float:
    """What a probability weighs alone: never over ALONE, and more for whatever is more likely."""
    if chance <= HALF:
        return chance
    return round(HALF + (chance - HALF) * (ALONE - HALF) / (1 - HALF), 4)
