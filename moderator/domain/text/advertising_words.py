"""Words of those who advertise by their name: what is sold, how it is praised, and where.

One such word is nobody's fault: people are called Price or Loan, and lawyers comment too. What is
sold beside how it is praised, beside a place, or beside something else that is sold, is a slogan.
"""

import re
from functools import lru_cache
from itertools import pairwise

from moderator.domain.text.fold import fold

# fmt: off
_GOODS = """
    adderall advocate advocates tramadol xanax ambien modafinil диплом дипломы права
        antivirus apartments assignment assignments attorney attorneys backlink backlinks
    betting bitcoin blackjack botox
    casino casinos cbd cialis contractor contractors crypto dentist dentists dissertation
    dissertations electrician electricians escorts essay essays exterminator followers forex
    handbags homework hosting hvac insurance iptv jackpot kratom lawyer lawyers loans locksmith
    locksmiths massage mortgage mortgages movers packers payday pharmacy pills plumber plumbers
        plumbing poker printer printers realtor rehab remodeling removals replica replicas
    roofer roofers roofing
    roulette seo slot slots sneakers sportsbook steroids supplements towing trading vape viagra
    villas webdesign
    entrumpelung kredit kredite schlusseldienst spielautomaten umzug umzugsfirma versicherung
    abogado abogados apuestas cerrajero cerrajeros fontanero prestamo prestamos seguros tragaperras
    assurance assurances credit demenagement plombier serrurier voyance
    assicurazione assicurazioni fabbro idraulico prestiti prestito scommesse
    apostas chaveiro emprestimo emprestimos encanador
    chwilowki hydraulik kredyt kredyty pozyczka pozyczki slusarz
    bahis cilingir escort kredi nakliyat
    gacor pinjaman togel
    hotels robux vashikaran quickbooks
    займ займы казино кредит кредиты натяжные окна проститутки ремонт ставки эвакуатор
    вулкан прокси букмекер микрозаймы
    متابعين متابعات عفش تنظيف قروض قرض كازينو سطحة مكافحة الحشرات صيانة
    فالوور فالوورر لایک صرافی ارز کازینو شرط‌بندی
"""
_TWO_WORDS = """
    air conditioning/car rental/carpet cleaning/content writing/credit repair/digital marketing/
    garage door/guest posting/house cleaning/link building/male enhancement/office cleaning/
    judi online/personal injury/pest control/real estate/slot online/social media/spell caster/
    tree removal/web design/web development/website design/weight loss/window cleaning/
    support number/customer care/black magic/love spell/vay tien/nha cai/ca cuoc/dat cuoc/
    song bac
"""
_PRAISE = """
    affordable agency best bonus buy cheap cheapest company coupon coupons deals discount discounts
        expert experts free help helpline hire institute marketing offer offers online order
    outlet price prices professional
    provider purchase reliable rental repair review reviews sale service services shop solutions
    specialist specialists store supplier suppliers support top training trusted wholesale writing
    angebote beste billig gunstig gunstige kaufen preiswert vergleich
    barato baratos comprar mejor mejores oferta ofertas precio precios urgente urgentes
    acheter cher devis meilleur meilleure prix rapide
    comprare economico migliore migliori offerte prezzi
    barata melhor melhores preco
    kupic najlepszy najtaniej tani tanie
    guvenilir satin siteleri ucuz
    agen beli jasa murah resmi situs terbaik terpercaya
    astrologer caster doubler generator hack number recovery usa
    nhanh uy tin online
    شراء بيع شركة ارخص أرخص افضل أفضل خدمة خدمات رقم
    خرید فروش ارزان بهترین قیمت دیجیتال آنلاین
    бесплатно бесплатные дешево заказать купить лучшие лучший недорого онлайн срочно услуги цена
    цены
"""
_PLACES = """
    abudhabi adelaide atlanta auckland austin bali bangalore barcelona berlin birmingham brisbane
    brooklyn calgary chennai chicago dallas delhi denver dhaka dubai dublin gurgaon hamburg
    houston hyderabad istanbul jaipur jakarta karachi kolkata koln lahore leeds lisboa london
    lyon madrid manchester marseille melbourne miami milano montreal mumbai munchen noida nyc
    orlando ottawa paris perth phoenix pune roma seattle sharjah singapore sydney tampa toronto
    uae valencia vancouver vegas warszawa wien zurich goa киев минск москва москве спб
    الرياض بالرياض جدة بجدة الدمام بالدمام مكة بمكة الكويت دبي
"""
# In scripts without spaces: two of them make a slogan.
_SPACELESS = """
    北京 上海 广州 深圳 成都 杭州 南京 武汉 重庆 天津 西安 澳门 香港
    vpn 网站 建设 代孕 代刷 棋牌 私服 外挂 翻译 快递 月嫂 家政 开锁 赌博 赌球 加速器 下载
    代写 代开 代购 低价 优惠 信用卡 免费 兼职 减肥 办证 加微信 博彩 发票 咨询 套现 娱乐城
    开户 彩票 批发 网赚 论文 贷款 赌场 梯子 翻墙 旅行社 出境 公司 植树 装修 搬家 医院 整形
    カジノ オンライン 出会い 出会い系 副業 格安 激安 買取 通販
    무료 대출 먹튀 바카라 사설 사이트 카지노 토토 검증 추천
    หวย สล็อต บาคาร่า คาสิโน พนัน แทงบอล เงินกู้ ออนไลน์ เว็บตรง เครดิตฟรี ซื้อ
"""
# fmt: on
GOODS = frozenset(fold(_GOODS).split())
PAIRS = frozenset(map(fold, _TWO_WORDS.split("/")))
PRAISE = frozenset(fold(_PRAISE).split())
PLACES = frozenset(fold(_PLACES).split())
SPACELESS = frozenset(fold(_SPACELESS).split())
CJK = 0x2E80
THAI = range(0x0E00, 0x0E80)
LETTERS = re.compile(r"[^\W\d_]+")
APART = {code: " " for code in range(128) if not chr(code).isalpha()}

# Inside a compound such as "bestplumberdallas" only longer words are safe to find.
LONG, LONG_PRAISE = 5, 4
REMEMBERED = 100  # characters of what is kept for a while
_LONG_GOODS = sorted((word for word in GOODS if len(word) >= LONG), key=len, reverse=True)
_BESIDE = frozenset(
    {word for word in PRAISE if len(word) >= LONG_PRAISE}
    | {word for word in PLACES | GOODS if len(word) >= LONG}
)
_STARTS = frozenset(word[:LONG] for word in _LONG_GOODS)


def letters_of(text: str) -> str:
    return "".join(filter(str.isalpha, text))


def is_slogan(folded: str) -> bool:
    """Whether a few folded words (a name, the end of an address) advertise something."""
    return _is_known_slogan(folded) if len(folded) <= REMEMBERED else _is_slogan(folded)


def _is_slogan(folded: str) -> bool:
    words = folded.translate(APART).split() if folded.isascii() else LETTERS.findall(folded)
    if len(words) == 1 and folded.isascii():
        return is_compound_slogan(words[0])
    if words and _is_spaceless(ord(max(map(max, words)))):
        return sum(word in folded for word in SPACELESS) > 1
    sold = {word for word in words if word in GOODS}
    sold.update(pair for pair in map(" ".join, pairwise(words)) if pair in PAIRS)
    if not sold:
        return False
    return len(sold) > 1 or not PRAISE.isdisjoint(words) or not PLACES.isdisjoint(words)


def _is_spaceless(letter: int) -> bool:
    return letter >= CJK or letter in THAI


_is_known_slogan = lru_cache(maxsize=2048)(_is_slogan)  # most who write have written before


def is_compound_slogan(word: str) -> bool:
    """Whether words written as one advertise something."""
    if _STARTS.isdisjoint([word[at : at + LONG] for at in range(len(word) - LONG + 1)]):
        return False
    for sold in _LONG_GOODS:
        before, found, after = word.partition(sold)
        if found:
            return any(other in before or other in after for other in _BESIDE)
    return False
