"""`moderator site add|set --signature`: judged when it is given, kept, and shown."""

from pathlib import Path

import pytest

from moderator.__main__ import main
from moderator.bootstrap.operator import open_site_management
from moderator.domain.site import SignatureProfile, Site
from moderator.settings import Settings
from tests.databases import a_database

ADD = ["site", "add", "blog", "--url", "https://blog.example.org"]
SET = ["site", "set", "blog"]
CORAL = ["--signature", "body-hex", "--signature-header", "X-Coral-Signature"]
WEAK = "weak signature: a message that was overheard can be sent again"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    url = a_database(tmp_path / "site.db")
    monkeypatch.setenv("DATABASE_URL", url)
    return Settings(database_url=url)


def site_of(settings: Settings) -> Site | None:
    with open_site_management(settings) as enrolment:
        return enrolment.sites.get("blog")


def kept(settings: Settings) -> tuple[SignatureProfile, str]:
    site = site_of(settings)
    assert site is not None
    return site.signature_profile, site.signature_header


def shown(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(["site", *words]) == 0
    return capsys.readouterr().out


def test_a_blog_starts_with_a_profile(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ADD, *CORAL, "--signing-secret", "as-coral-made-it"]) == 0
    assert "Secret:  as-coral-made-it" in capsys.readouterr().out
    assert kept(settings) == (SignatureProfile.BODY_HEX, "X-Coral-Signature")
    assert "  body-hex in X-Coral-Signature (weak)\n" in shown(capsys, "list")
    told = shown(capsys, "show", "blog")
    assert "signature     body-hex in X-Coral-Signature (weak)\n" in told
    assert WEAK in told
    assert "as-coral-made-it" not in told


def test_without_a_word_it_is_the_standard(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(ADD) == 0
    assert kept(settings) == (SignatureProfile.STANDARD, "")
    told = shown(capsys, "show", "blog")
    assert "signature     standard\n" in told
    assert WEAK not in told


@pytest.mark.parametrize(
    ("profile", "header"),
    [("body-hex", "X-Signature"), ("body-secret", ""), ("bearer", ""), ("standard", "")],
)
def test_a_profile_is_changed_and_shown(
    settings: Settings, capsys: pytest.CaptureFixture[str], profile: str, header: str
) -> None:
    assert main([*ADD, *CORAL]) == 0
    assert shown(capsys, "set", "blog", "--signature", "bearer").startswith("signature bearer")
    said = shown(capsys, "set", "blog", "--signature", profile)
    assert said.startswith(f"signature {profile}")
    assert kept(settings) == (profile, header)


def test_a_header_stays_until_another_is_named(settings: Settings) -> None:
    assert main([*ADD, *CORAL]) == 0
    assert main([*SET, "--signature", "body-hex"]) == 0
    assert kept(settings) == (SignatureProfile.BODY_HEX, "X-Coral-Signature")
    assert main([*SET, "--signature-header", "X-Other"]) == 0
    assert kept(settings) == (SignatureProfile.BODY_HEX, "X-Other")
    assert main([*SET, "--mode", "careful"]) == 0
    assert kept(settings) == (SignatureProfile.BODY_HEX, "X-Other")


def test_a_new_secret_counts_at_once_and_the_old_for_a_day(settings: Settings) -> None:
    assert main([*ADD, *CORAL, "--signing-secret", "the-first-one"]) == 0
    assert main([*SET, "--signing-secret", "the-second-one"]) == 0
    assert main([*SET, "--signing-secret", "the-second-one"]) == 0
    site = site_of(settings)
    assert site is not None
    assert [secret.value for secret in site.secrets] == ["the-second-one", "the-first-one"]
    assert [secret.expires_at is None for secret in site.secrets] == [True, False]


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--signature-header", "X-Coral-Signature"], "Only body-hex has a header of its own"),
        (["--signature", "bearer", "--signature-header", "X"], "Only body-hex has a header"),
        (["--signature", "body-hex", "--signature-header", "Host"], "means something else"),
        (["--signature", "body-hex", "--signature-header", "a b"], "cannot be the name"),
        (["--signing-secret", "no-base64-at-all"], "A secret of standard is whsec_ and base64"),
        (["--signature", "body-hex", "--signing-secret", "short"], "8 to 255 printable"),
    ],
)
def test_what_makes_no_sense_changes_nothing(
    settings: Settings, capsys: pytest.CaptureFixture[str], words: list[str], problem: str
) -> None:
    assert main([*ADD, *words]) == 1
    assert problem in capsys.readouterr().err
    assert site_of(settings) is None
    assert main(ADD) == 0
    before = site_of(settings)
    assert main([*SET, *words, "--mode", "careful"]) == 1
    assert problem in capsys.readouterr().err
    after = site_of(settings)
    assert before is not None
    assert after is not None
    assert (after.policy, kept(settings)) == (before.policy, (SignatureProfile.STANDARD, ""))
    assert after.secrets == before.secrets


def test_what_is_refused_beside_a_signature_changes_nothing(settings: Settings) -> None:
    assert main(ADD) == 0
    assert main([*SET, "--signature", "bearer", "--plain-threshold", "0"]) == 1
    assert kept(settings) == (SignatureProfile.STANDARD, "")


def test_the_standard_needs_a_secret_of_its_own_kind(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ADD, *CORAL, "--signing-secret", "as-coral-made-it"]) == 0
    assert main([*SET, "--signature", "standard"]) == 1
    assert "A secret of standard" in capsys.readouterr().err
    assert kept(settings)[0] is SignatureProfile.BODY_HEX


@pytest.mark.parametrize(
    ("profile", "address", "warned"),
    [
        ("bearer", "http://blog.example.org/hook", True),
        ("body-secret", "http://blog.example.org/hook", True),
        ("bearer", "https://blog.example.org/hook", False),
        ("body-hex", "http://blog.example.org/hook", False),
    ],
)
@pytest.mark.usefixtures("settings")
def test_a_secret_that_would_travel_in_the_open_is_told(
    capsys: pytest.CaptureFixture[str],
    profile: str,
    address: str,
    warned: bool,  # noqa: FBT001
) -> None:
    assert main([*ADD, "--callback-url", address, "--signature", profile]) == 0
    assert ("use https" in capsys.readouterr().err) is warned
    assert main([*SET, "--signature", profile]) == 0
    assert ("use https" in capsys.readouterr().err) is warned


@pytest.mark.usefixtures("settings")
def test_a_site_that_is_not_there_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(ADD) == 0
    assert main(["site", "show", "nowhere"]) == 1
    assert "There is no site 'nowhere'" in capsys.readouterr().err
