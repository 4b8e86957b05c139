import pytest
from hypothesis import given
from hypothesis import strategies as st
from turbohtml import parse

from moderator.domain.linkback.stylesheets import MAX_SELECTORS, hiding_selectors


@pytest.mark.parametrize(
    ("style", "selectors"),
    [
        (".a{display:none}", (".a",)),
        ("A.b#c , .d\n{ Display : None }", ("A.b#c", ".d")),
        (".a{color:red}.b{visibility:hidden}", (".b",)),
        (".a{display:none", ()),
        ("@media print{.a{display:none}}.b{display:none}", (".b",)),
        ("@supports (x){@media y{.a{display:none}}}", ()),
        ("}}}.a{display:none}", (".a",)),
        (".a:hover,.b .c,:is(.d),.e>.f,*{display:none}", ()),
        (".a{opacity:0}", ()),
        (".a{margin-left:-10px}", ()),
        (".-,.-9,.-a{display:none}", (".-a",)),
        ("", ()),
    ],
)
def test_what_hides_for_everybody(style: str, selectors: tuple[str, ...]) -> None:
    assert hiding_selectors([style]) == selectors


def test_there_is_an_end() -> None:
    style = "".join(f".a{number}{{display:none}}" for number in range(1000))
    assert len(hiding_selectors([style])) == MAX_SELECTORS


@given(st.text(".#a,{}:;@ /*\n\\displaynone-9", max_size=80))
def test_every_selector_can_be_asked(style: str) -> None:
    selectors = hiding_selectors([style, f"{style}{{display:none}}"])
    anchor = parse("<a class=a>x</a>").find("a")
    assert anchor is not None
    for selector in selectors:
        anchor.closest(selector)
