"""What browsers and password managers write into a form field by themselves, seen or unseen."""

import re

from moderator.domain.submission import Submission
from moderator.domain.text.fold import fold

MAX_VALUE_CHARACTERS = 320  # characters; nothing that is filled in by itself is longer
SCHEMES = frozenset({"http", "https", "ftp", "mailto", "www", ""})
SHORTEST_NAME = 2  # letters
LONGEST_NAME = 4  # words
# English names of countries and territories (ISO 3166-1), and how some call themselves.
COUNTRIES = frozenset(
    fold(name)
    for name in """
    Afghanistan/Albania/Algeria/Andorra/Angola/Argentina/Armenia/Australia/Austria/Azerbaijan/
    Bahamas/Bahrain/Bangladesh/Barbados/Belarus/Belgium/Belize/Benin/Bhutan/Bolivia/
    Bosnia and Herzegovina/Botswana/Brazil/Brunei/Bulgaria/Burkina Faso/Burundi/Cambodia/Cameroon/
    Canada/Cape Verde/Central African Republic/Chad/Chile/China/Colombia/Comoros/Congo/Costa Rica/
    Croatia/Cuba/Cyprus/Czech Republic/Czechia/Denmark/Djibouti/Dominica/Dominican Republic/
    Ecuador/Egypt/El Salvador/Equatorial Guinea/Eritrea/Estonia/Eswatini/Ethiopia/Fiji/Finland/
    France/Gabon/Gambia/Georgia/Germany/Ghana/Greece/Greenland/Grenada/Guatemala/Guinea/Guyana/
    Haiti/Honduras/Hong Kong/Hungary/Iceland/India/Indonesia/Iran/Iraq/Ireland/Israel/Italy/
    Ivory Coast/Jamaica/Japan/Jordan/Kazakhstan/Kenya/Kiribati/Kosovo/Kuwait/Kyrgyzstan/Laos/
    Latvia/Lebanon/Lesotho/Liberia/Libya/Liechtenstein/Lithuania/Luxembourg/Macao/Madagascar/
    Malawi/Malaysia/Maldives/Mali/Malta/Marshall Islands/Mauritania/Mauritius/Mexico/Micronesia/
    Moldova/Monaco/Mongolia/Montenegro/Morocco/Mozambique/Myanmar/Namibia/Nauru/Nepal/Netherlands/
    The Netherlands/New Zealand/Nicaragua/Niger/Nigeria/North Korea/North Macedonia/Norway/Oman/
    Pakistan/Palau/Palestine/Panama/Papua New Guinea/Paraguay/Peru/Philippines/Poland/Portugal/
    Puerto Rico/Qatar/Romania/Russia/Russian Federation/Rwanda/Samoa/San Marino/Saudi Arabia/
    Senegal/Serbia/Seychelles/Sierra Leone/Singapore/Slovakia/Slovenia/Solomon Islands/Somalia/
    South Africa/South Korea/Korea/South Sudan/Spain/Sri Lanka/Sudan/Suriname/Sweden/Switzerland/
    Syria/Taiwan/Tajikistan/Tanzania/Thailand/Timor-Leste/Togo/Tonga/Trinidad and Tobago/Tunisia/
    Turkey/Türkiye/Turkmenistan/Tuvalu/Uganda/Ukraine/United Arab Emirates/United Kingdom/
    Great Britain/England/Scotland/Wales/United States/United States of America/USA/UK/Uruguay/
    Uzbekistan/Vanuatu/Vatican City/Venezuela/Vietnam/Viet Nam/Yemen/Zambia/Zimbabwe/Deutschland/
    Österreich/Schweiz/Suisse/Svizzera/España/México/Italia/Brasil/België/Belgique/Nederland/
    Danmark/Sverige/Norge/Suomi/Polska/Česko/Magyarország/România/Ελλάδα/Россия/Україна/日本/中国/
    대한민국/
    """.replace("\n", "").split("/")
    if name.strip()
)
CODE = re.compile(r"[A-Za-z]{2}|[A-Z]{3}|[a-z]{2}[-_][A-Z]{2}")  # of a country, a locale
IN_FRONT = re.compile(r"\A(?:mailto:|(?:https?:)?//)?(?:www\.)?")
IN_PARENTHESES = re.compile(r" ?\([a-z .]{2,40}\)\Z")


def is_autofilled(value: str, submission: Submission) -> bool:
    """Whether `value` is the visitor's own name, e-mail or page, a country or a bare scheme."""
    text = value.strip()
    if not text or len(text) > MAX_VALUE_CHARACTERS:
        return False
    if _is_bare_scheme(text) or CODE.fullmatch(text):
        return True
    folded = fold(text)
    if folded in COUNTRIES or IN_PARENTHESES.sub("", folded) in COUNTRIES:
        return True
    return _bare(folded) in _own(submission) or _is_fuller_name(folded, submission)


def _is_bare_scheme(text: str) -> bool:
    words = text.lower().replace("://", " ").replace(":", " ").replace("www.", "www").split()
    return set(words) <= SCHEMES


def _bare(address: str) -> str:
    """An address, page or e-mail, without what is the same in front of all and at their end."""
    return IN_FRONT.sub("", address, count=1).rstrip("/")


def _is_fuller_name(folded: str, submission: Submission) -> bool:
    """Whether it is the visitor's name with more of it, as in an address book."""
    words = folded.replace(",", " ").split()
    name = set(fold(submission.author.name).split())
    is_name = len(words) <= LONGEST_NAME and all(word.strip(".").isalpha() for word in words)
    return is_name and bool(name) and name <= set(words)


def _own(submission: Submission) -> frozenset[str]:
    """What the visitor filled in elsewhere, and the parts of the name."""
    author = submission.author
    name, mail, page = fold(author.name), fold(author.email), _bare(fold(author.url))
    own = {name, mail, mail.partition("@")[0], page, page.partition("/")[0]}
    own.update(part for part in name.split() if len(part) >= SHORTEST_NAME)
    return frozenset(own - {""})
