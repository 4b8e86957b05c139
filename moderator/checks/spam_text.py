"""Does the text read like spam? The model's opinion, which alone can hold but never condemn.

Political opinions, other languages and links must not be called spam, so in this order:
1. the model was not asked, or there are no words beside a link or a mark -> neutral;
2. it cannot read the language, and the site writes in another -> suspect, enough to hold; policy
   calls it spam only if something else is spam by itself;
3. it cannot read the language, which is the site's own, and the site taught nothing against it ->
   everything else decides: suspect, enough to hold, where somebody new brings a way to lead readers
   away or what advertisements offer (domain/text/offers.py), else it weighs nothing;
4. somebody new asks for a trade in links or articles (domain/text/link_trade.py) -> suspect,
   enough to hold;
5. the text is surely spam and names a telephone number, an e-mail address or a messenger -> suspect
   by the full probability;
6. otherwise the probability counts as TextScore.weight has it: what is rather honest than spam does
   not hold by itself, and nothing reaches the spam threshold: another check must bring evidence of
   its own (author, hosts, repetition, lists).
"""

import re

from moderator.domain.check import HALF, Context, LanguageMatch, TextScore
from moderator.domain.content.facts import Facts
from moderator.domain.finding import Evidence, Finding, Signal
from moderator.domain.history.reputation import never_seen
from moderator.domain.policy import TAUGHT_TEXT, UNKNOWN_LANGUAGE, UNREAD_LANGUAGE, Mode
from moderator.domain.submission import Submission
from moderator.domain.text.fold import fold
from moderator.domain.text.languages import NAMELESS
from moderator.domain.text.link_trade import is_asked
from moderator.domain.text.offers import is_offer
from moderator.domain.urls.shorteners import is_shortener

NAME = "spam_text"
FOREIGN = 0.4  # what holds under the usual policy
BROUGHT = 0.5  # holds even where it speaks of the post
OFFERED = 0.43  # holds, but not where it speaks of the post
BROUGHT_OPENLY = 0.2  # at a site that is open
TRADE = 0.45  # holds, even where it speaks of the post
TRADING = "It asks to buy, swap or place links or articles here"
SPEECHLESS = 12  # characters that may have no words: "+1", "10/10", ":-)", what was but a link
FEWEST_LETTERS = 2
SURE = 0.97
UNLIKELY = 0.1

# A telephone number, an e-mail address, a messenger: ways to be reached. A link is none: honest
# comments have links too.
MESSENGERS = ("whatsapp", "telegram", "wechat")
OWN = "In your blog's language, which the text model can't read"
DIGIT = re.compile(r"\d")
NETWORK = re.compile(r"(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?!\d)")  # the address of a machine
CONTACT = re.compile(r"[\w.+-]@[\w-]+\.\w|\b(?:whatsapp|telegram|wechat)\b|(?:\d[\s().-]{0,2}){9}")
# A messenger by its name, and by what name somebody is found there.
CALLED = re.compile(
    r"(?:\b(?:телег(?:рам+)?|тг|ват?[сц]+ап|вайбер|qq|line|zalo|viber|kakao|skype"
    r"|تلگرام|تليجرام|تلغرام|تيليجرام|واتساب|واتس آپ|واتساپ|व्हाट्सएप)"
    r"|微信|加v|카(?:카오)?톡|텔레그램|라인|ไลน์|ライン)"
    r"(?:\s?id)?[\s:\uff1a]{0,3}"
    r"(?:@[a-z0-9_]{3}|\+?[0-9](?:[\s-]{0,2}[0-9]){6}|[a-z][a-z_]{1,30}[0-9])"
)


class ReadsLikeSpam:
    name = NAME

    def run(self, submission: Submission, context: Context) -> Finding:
        score = context.text_score
        if score is None:
            return Finding(NAME, Signal.NEUTRAL, "The text was not scored")
        prose = context.about(submission).prose
        if len(prose) <= SPEECHLESS and sum(map(str.isalpha, prose)) < FEWEST_LETTERS:
            return Finding(NAME, Signal.NEUTRAL, "There are no words to judge")
        match context.reading:
            case LanguageMatch.READ:
                found = _judged(context.about(submission), score)
                is_offer = found.weight < TRADE and _trades(submission, context)
                return _trading(score) if is_offer else found
            case LanguageMatch.FOREIGN:
                return _foreign(score)
            case LanguageMatch.OWN:
                is_doubted = score.probability >= HALF
                return _taught(score) if is_doubted else _unread(submission, context, score)


def _trades(submission: Submission, context: Context) -> bool:
    """Whether somebody who is new here wants to buy or swap links; a linkback's page may."""
    if submission.kind.is_linkback or context.knows(submission.author):
        return False
    return is_asked(context.about(submission).prose)


def _trading(score: TextScore) -> Finding:
    return Finding(NAME, Signal.SUSPECT, TRADING, "link_trade", TRADE, _evidence(score))


def _foreign(score: TextScore) -> Finding:
    is_known = score.language != NAMELESS
    where = "In a language this blog doesn't write in" if is_known else "In no language at all"
    reason = f"{where}, so a person should read it"
    weight = max(FOREIGN, score.weight)
    evidence: Evidence = {"language": score.language.code, "model": score.model}
    return Finding(NAME, Signal.SUSPECT, reason, UNKNOWN_LANGUAGE, weight, evidence)


def _unread(submission: Submission, context: Context, score: TextScore) -> Finding:
    """Of a text in the site's own language that the model cannot read, and lessons do not doubt."""
    evidence: Evidence = {"language": score.language.code}
    brought = _brought(submission, context)
    weight = BROUGHT
    if not brought and _offers(submission, context):
        brought, weight = "what advertisements offer", OFFERED
    if not brought:
        reason = f"{OWN}: judged by everything else"
        return Finding(NAME, Signal.UNAVAILABLE, reason, UNREAD_LANGUAGE, evidence=evidence)
    reason = f"{OWN}, and somebody new here brings {brought}"
    weight = BROUGHT_OPENLY if context.site.policy.mode is Mode.OPEN else weight
    return Finding(NAME, Signal.SUSPECT, reason, UNREAD_LANGUAGE, weight, evidence)


def _taught(score: TextScore) -> Finding:
    """Of one that lessons of this site speak against: they have nothing to be weighed against."""
    chance = score.probability
    reason = f"{OWN}, and like what people here called spam ({chance:.0%}){_because(score)}"
    return Finding(NAME, Signal.SUSPECT, reason, TAUGHT_TEXT, score.weight, _evidence(score))


def _brought(submission: Submission, context: Context) -> str:
    """What somebody who is new here leads readers away by; '' for nothing.

    The source of a linkback is read by a check of its own.
    """
    if submission.kind.is_linkback or context.knows(submission.author):
        return ""
    facts = context.about(submission)
    hosts = facts.link_hosts
    away = [*never_seen(hosts, context.hosts), *filter(is_shortener, hosts)]
    if away:
        return f"a link to {away[0]}"
    folded = fold(facts.unlinked) if facts.written else facts.folded
    if _names_contact(folded):
        return "a way to be contacted"
    return "an offer to trade in links or articles" if is_asked(folded) else ""


def _offers(submission: Submission, context: Context) -> bool:
    """Whether somebody who is new here speaks as advertisements do."""
    if submission.kind.is_linkback or context.knows(submission.author):
        return False
    return is_offer(context.about(submission).folded)


def _judged(facts: Facts, score: TextScore) -> Finding:
    chance = score.probability
    evidence = _evidence(score)
    if chance < UNLIKELY:
        reason = f"The text reads like an honest comment ({chance:.0%} spam)"
        return Finding(NAME, Signal.HAM, reason, "honest_text", chance, evidence)
    if chance < HALF:
        reason = f"The text reads a little like spam ({chance:.0%})"
        return Finding(NAME, Signal.SUSPECT, reason, "doubtful_text", score.weight, evidence)
    theme = f", probably {score.theme}" if score.theme else ""
    reason = f"The text reads like spam ({chance:.0%}){theme}{_because(score)}"
    wants_contact = chance >= SURE and _names_contact(facts.prose)
    weight = chance if wants_contact else score.weight
    return Finding(NAME, Signal.SUSPECT, reason, "spam_text", weight, evidence)


def _because(score: TextScore) -> str:
    said = ", ".join(f"“{carrier.words}”" for carrier in score.scored_pieces)
    return f": {said}" if said else ""


def _evidence(score: TextScore) -> Evidence:
    return {
        "probability": score.probability,
        "model": score.model,
        "theme": score.theme,
        "carried_by": [[carrier.words, carrier.log_odds] for carrier in score.scored_pieces],
    }


def _names_contact(prose: str) -> bool:
    """Whether there is a way to be reached; most texts have not even a piece of one."""
    if "@" in prose or any(name in prose for name in MESSENGERS):
        return bool(CONTACT.search(prose) or CALLED.search(prose))
    if DIGIT.search(prose) is None:
        return False
    return bool(CONTACT.search(NETWORK.sub(" ", prose)) or CALLED.search(prose))
