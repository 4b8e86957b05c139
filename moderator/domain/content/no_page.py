"""What people who have no page type into its field: "http://", "-", "none", their name."""

import re

from moderator.domain.text.fold import fold

MAX_CHARACTERS = 100  # characters; whoever types more names something
# What stands in front by itself, however often: a platform puts a scheme before what was typed.
IN_FRONT = re.compile(r"(?:https?:?/{0,2}|www\b\.?|[\W_]+)*+", re.IGNORECASE)
NAMES_SOMETHING = re.compile(r"[./:]")
NONE = frozenset(
    fold(
        """
        n/a na nada nessuno nessuna nein nem nenhum nenhuma nije nil nincs no non none nope nothing
        null aucun aucune brak ei ene geen gibt habe hayir ingen inga ingenting kein keine keines
        không ne nej nee neni ninguna ninguno niente nie test tidak undefined unknown yok žádná
        žádný нет нема немає няма όχι לא אין لا لايوجد ندارم 没有 没 无 無 なし ない 없음 없어요
        """
    ).split()
)


def names_none(address: str, name: str) -> bool:
    """Whether an author's page is an answer that names no page; `name` is the author's."""
    typed = address.strip()
    if len(typed) > MAX_CHARACTERS:
        return False
    start = IN_FRONT.match(typed)
    said = fold(typed[start.end() if start else 0 :]).rstrip("/ .!-")
    if not said or said in NONE:
        return True
    if NAMES_SOMETHING.search(said):
        return False
    words = said.split()
    return len(words) > 1 or said in fold(name).split()
