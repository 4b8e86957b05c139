import pytest

from moderator.checks.disposable_email import DisposableEmail
from moderator.domain.finding import Finding, Signal
from moderator.domain.policy import Policy, decide
from moderator.domain.submission import Author
from moderator.domain.verdict import Verdict
from tests.builders import a_context, a_submission

PROVIDERS = """
    gmail.com outlook.com yahoo.com icloud.com proton.me mail.ru qq.com 163.com 21cn.com gmx.de
    web.de t-online.de orange.fr libero.it seznam.cz wp.pl naver.com duck.com posteo.de riseup.net
    fastmail.com mozmail.com addy.io users.noreply.github.com
"""


def ask(email: str) -> Finding:
    return DisposableEmail().run(a_submission(author=Author(email=email)), a_context())


@pytest.mark.parametrize("email", ["a@mailinator.com", "a@x.Mailinator.com "])
def test_a_throw_away_address_is_noted_and_approved(email: str) -> None:
    finding = ask(email)
    assert (finding.signal, finding.evidence) == (Signal.SUSPECT, {"domain": "mailinator.com"})
    assert decide([finding], Policy()).verdict is Verdict.APPROVE


@pytest.mark.parametrize(
    "domain", ["yopmail.com", "wegwerfmail.de", "0clickemail.com", "tempmail.dev"]
)
def test_many_services_are_known(domain: str) -> None:
    finding = ask(f"a@{domain}")
    assert (finding.weight, finding.evidence) == (0.1, {"domain": domain})


@pytest.mark.parametrize("email", ["", "alice@example.org", "mailinator.com@example.org", "@"])
def test_other_addresses_say_nothing(email: str) -> None:
    assert ask(email).signal is Signal.NEUTRAL


@pytest.mark.parametrize("provider", PROVIDERS.split())
def test_ordinary_providers_and_forwarders_are_not_disposable(provider: str) -> None:
    assert ask(f"someone@{provider}").signal is Signal.NEUTRAL
