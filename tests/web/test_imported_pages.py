"""What was imported is seen on the pages like anything that was sent and decided here."""

from sqlalchemy import text

from tests.storage.importing import OFFER, OPINION, exported, import_into
from tests.web.desk import Office, words


def test_what_waited_elsewhere_waits_in_the_queue_and_says_where_it_comes_from(
    office: Office,
) -> None:
    import_into(
        office.database,
        [exported(17, OPINION, "hold"), exported(18, OFFER, "spam"), exported(19, OPINION)],
    )
    browser = office.browser("ben")
    for page in ("/queue", "/queue?shelf=spam", "/queue?shelf=approved", "/log"):
        assert browser.get(page).status_code == 200
    assert "The council should have asked" in words(browser.get("/queue"))
    with office.database.read() as connection:
        rows = connection.execute(
            text("SELECT id, status FROM submissions ORDER BY platform_id")
        ).all()
    for id_, status in rows:
        shown = words(browser.get(f"/submissions/{id_}"))
        assert "Imported from a test" in shown
        assert (OPINION if status != "spam" else "blue lamp") in shown
    assert [status for _, status in rows] == ["hold", "spam", "approved"]
