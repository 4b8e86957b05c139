"""No page makes the verification fail."""

from hypothesis import given
from hypothesis import strategies as st

from moderator.domain.linkback.verification import verify_page
from tests.domain.test_verification import LINK, a_claim, a_page


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "text/html", "text/html; charset=utf-16", "text/plain; charset=x"])
    | st.text(max_size=40),
    st.booleans(),
)
def test_no_page_makes_it_fail(body: bytes, kind: str, embeds: bool) -> None:  # noqa: FBT001
    page = a_page(body, {"content-type": kind})
    verify_page(page, a_claim(counts_embeds=embeds))
    page = a_page(body + LINK.encode(), {"content-type": kind})
    verify_page(page, a_claim(counts_embeds=embeds))
