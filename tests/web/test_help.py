"""Help names every key, and says what is not judged."""

import re

from tests.web.desk import Office


def test_help_names_every_key_of_the_script(office: Office) -> None:
    ben = office.browser("ben")
    script = ben.get("/static/desk.js").text
    table = script[script.index("const KEYS = {") : script.index("const WHILE_HELD")]
    keys = set(re.findall(r'^    "?([\w?/]+)"?:', table, re.MULTILINE))
    beside = re.search(r"Object.assign\(keys, {(.*)}\)", ben.get("/static/beside.js").text)
    assert beside is not None
    keys |= set(re.findall(r"(\w): ", beside[1]))
    shown = set(re.findall(r"<kbd>([^<]+)</kbd>", ben.get("/help").text))
    named = {re.sub("^Shift\\+(.)", lambda one: one[1].upper(), key) for key in shown}
    assert keys - {"Escape"} <= named
    assert {"Esc", "q"} == named - keys
    assert "Insults" in ben.get("/not-judged").text
    assert "/not-judged" in ben.get("/queue").text
