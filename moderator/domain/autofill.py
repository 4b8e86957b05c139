"""What browsers and password managers write into a form field by themselves, seen or unseen."""

from moderator.domain.folding import fold
from moderator.domain.submission import Submission

LONGEST = 320  # characters; nothing that is filled in by itself is longer
SCHEMES = frozenset({"http://", "https://", "http:", "https:", "www.", "http://www.", "//"})
SHORTEST_NAME = 2  # letters
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
CODE = 2  # letters of a country's code (ISO 3166-1 alpha-2)


def is_autofilled(value: str, submission: Submission) -> bool:
    """Whether `value` is the visitor's own name, e-mail or page, a country or a bare scheme."""
    text = value.strip()
    if not text or len(text) > LONGEST:
        return False
    if text.lower() in SCHEMES or (len(text) == CODE and text.isascii() and text.isalpha()):
        return True
    folded = fold(text)
    return folded in COUNTRIES or folded in _own(submission)


def _own(submission: Submission) -> frozenset[str]:
    """What the visitor filled in elsewhere, and the parts of the name."""
    author = submission.author
    name = fold(author.name)
    page = fold(author.url)
    bare = page.partition("://")[2] or page
    own = {name, fold(author.email), page, page.rstrip("/"), bare, bare.rstrip("/")}
    own.update(part for part in name.split() if len(part) >= SHORTEST_NAME)
    return frozenset(own - {""})
