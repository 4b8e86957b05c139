"""What advertisements say in languages that no model reads, and what people say of the same."""

import pytest

from benchmarks.first_month import sections
from moderator.domain.text.fold import fold
from moderator.domain.text.offers import HEAD, is_offer

SPOKEN_OF = """
    Взял кредит в банке на десять лет, проценты грабительские.
    Займы эти надо запретить, люди остаются без квартир.
    Диплом я защитил на отлично, спасибо преподавателям!
    J'ai pris un crédit sur dix ans, le taux est garanti.
    La livraison était gratuite mais le colis est arrivé cassé.
    Pedí un préstamo para la casa y el banco me lo negó.
    Las apuestas están destrozando a los jóvenes del barrio.
    Il casinò di Sanremo è bellissimo da vedere.
    Fiz um empréstimo e agora pago juros absurdos.
    Bahis siteleri kapatılmalı, gençler mahvoluyor.
    Judi online harus diberantas pemerintah.
    Doprava byla zdarma, ale balík přišel rozbitý.
    Zarabiam trzy tysiące i ledwo starcza.
    Tôi vay tiền ngân hàng để mua nhà, lãi suất cao quá.
    送料無料だったので買いましたが壊れていました。
    대출 이자가 너무 올라서 힘들어요.
    我贷款买了房，每个月压力很大。
    القروض دمرت حياة الناس.
    לקחתי הלוואה מהבנק והריבית גבוהה מדי.
    Πήρα δάνειο από την τράπεζα και μετάνιωσα.
    Han tjänar tjugo tusen kronor i månaden.
    Ik heb een lening voor mijn huis, de rente is te hoog.
    मैंने घर के लिए लोन लिया और अब पछता रहा हूँ।
"""


@pytest.mark.parametrize("lang", sorted(sections()))
def test_advertisements_are_told_from_readers(lang: str) -> None:
    pages = sections()[lang]
    assert all(is_offer(fold(text)) for text in pages.spam)
    assert not any(is_offer(fold(text)) for text in pages.honest)


@pytest.mark.parametrize("text", SPOKEN_OF.strip().splitlines())
def test_to_speak_of_loans_and_bets_is_no_offer(text: str) -> None:
    assert not is_offer(fold(text))


def test_whoever_writes_more_tells_something() -> None:
    offer = fold("Займы без отказа на карту, бонус!")
    assert is_offer(offer)
    assert not is_offer("о" * HEAD + f" {offer}")
