"""What operators read of use cases: one line an event."""

import logging

import pytest

from moderator.bootstrap.event_log import StandardLog


def test_an_event_is_a_line_with_its_facts_in_their_order(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    StandardLog().info("retrained", site="demo", lessons=3)
    StandardLog().warning("tally_kept", error=OSError("no answer"))
    assert [(each.levelname, each.getMessage()) for each in caplog.records] == [
        ("INFO", "event=retrained site=demo lessons=3"),
        ("WARNING", 'event=tally_kept error="no answer"'),
    ]


def test_events_of_a_kind_are_a_line_each(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    StandardLog().info_each("decision", [{"submission": "a"}, {"submission": "b"}])
    StandardLog().info_each("decision", [])
    assert caplog.messages == ["event=decision submission=a\nevent=decision submission=b"]


def test_a_value_ends_where_it_ends(caplog: pytest.LogCaptureFixture) -> None:
    StandardLog().warning("odd", empty="", quoted='say "a=b"', path="C:\\")
    assert caplog.messages == [r'event=odd empty="" quoted="say \"a=b\"" path="C:\\"']


def test_a_failure_shows_where_it_was_raised(caplog: pytest.LogCaptureFixture) -> None:
    error = KeyError("missing")
    StandardLog().failure("watch_failed", error)
    [record] = caplog.records
    assert (record.levelname, record.getMessage()) == ("ERROR", "event=watch_failed")
    assert record.exc_info == (KeyError, error, None)
