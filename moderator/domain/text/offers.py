"""Whether a text in a language that no model of ours reads sounds like an advertisement.

What is offered (loans, bets, copies of brands, easy money, spells, diplomas, slimming, a place in
search engines) beside how it is praised, in the languages that most blogs are written in; folded
text. Either alone is what everybody talks about.
"""

import re

HEAD = 400  # characters that are looked at: whoever writes more tells something
APART = dict.fromkeys(map(ord, '!"#$%&()*+,./:;<=>?@[]^_{|}~\u00ab\u00bb\u201c\u201d\u201e'), " ")
OFFERED = (
    " credit rapide", " nous pretons", " prestamos ", " prestamo ", " emprestimos ",
    " emprestimo ", " prestiti ", " prestito ", " geld lenen", " lening", " pozyczk", " chwilowk",
    " pujck", " snabba lan ", " snabb lan ", " snabblan", " заимы ", " позика", " позики",
    " позику", " aninda kredi", " kredi kart", " αμεσα δανεια ", " δανεια ", " pinjaman",
    " vay tien", " cho vay", " creditos al instante", " credito al instante", " credito liberado",
    " finanziamenti ", " finanziamento ", " leen vandaag", " kredyt gotowkow", " lana pengar",
    " кредит наличными", " kredi veril", " γρηγορο δανειο", " dana tunai", " vay nong",
    " casinos ", " casino ", " kasino", " kasyno", " казино", " καζινο", " slot gacor", " judi ",
    " togel", " nha cai", " ca cuoc", " bahis", " iddaa", " tigrinho", " natcasino", " apuestas",
    " apostas", " scommesse", " букмекер", " montres de luxe", " montre de luxe",
    " sacs de marque", " sac de marque", " relojes de marca", " relojes de lujo",
    " reloje de marca", " reloje de lujo", " relogios de marca", " relogios de luxo",
    " relogio de marca", " relogio de luxo", " orologi e borse", " merkhorloges",
    " markowe zegarki", " znackove hodinky", " markesklockor", " orijinal saat",
    " επωνυμα ρολογια", " jam tangan", " dong ho va tui", " renda extra", " trabalhe em casa",
    " seguidores reales", " pastillas para", " relogios e malas", " relogio e malas", " zarabiaj",
    " vydelavejte", " lira kazan", " κερδιστε", " hasilkan jutaan", " kiem tien",
    " voyant", " marabout", " videncia", " amarre ", " amarracao ", " cartomante", " приворот",
    " ворожк", " купить диплом", " купити диплом", " adelgaza", " emagrec", " emagreç",
    " dimagri", " odchudzani", " hubnuti", " похудеть", " схуднути", " zayiflama",
    " продвижение саит", " просування саит", " posicionamiento web", " bezoekers voor uw",
    " clienti del tuo sito", " pozycjonowani", "הלוואה ללא", "הלוואות", "קזינו", "שעוני יוקרה",
    "הרוויחו", "קידום אתרים", "تمويل شخصي", "قروض", "كازينو", "مراهنات", "ساعات وحقائب", "اربح",
    "جلب الحبيب", "شيخ روحاني", "लोन", "कैसीनो", "ब्रांडेड", "कमाए", "वशीकरण", "キャッシング",
    "融資", "カジノ", "ブランド時計", "月収", "副業", "痩せる", "대출", "카지노", "바카라",
    "토토", "명품", "버는 비밀", "재택", "贷款", "赌场", "博彩", "娱乐城", "百家乐", "名牌手表",
    "兼职", "网站优化", "刷粉", "减肥", "สินเชื่อ", "เงินกู้", "คาสิโน", "สล็อต", "บาคาร่า",
    "แทงบอล", "หวยออนไลน์",
)  # fmt: skip
# What is offered with a sum or a time in between.
EARNED = re.compile(
    r"\b(?:pret(?:s|ons)? (?:entre|rapide|de \d|personnel)|быстр\w+ кредит|швидк\w+ кредит"
    r"|ставк\w+ на спорт|брендов\w+ (?:час|сум)|фирменн\w+ (?:час|сум)"
    r"|фірмов\w+ годинник|gagn\w+ .{0,25}euros"
    r"|gan(?:a|e|ar|o) .{0,30}(?:euros|dolares|dinero)|ganh\w+ .{0,25}dinheiro"
    r"|guadagn\w+ .{0,30}euro|verdien .{0,40}(?:euro|thuis)"
    r"|tjana .{0,40}(?:kronor|hemifran)|зарабатыва\w+ .{0,30}(?:дом|недел|рубл)"
    r"|заробля\w+ .{0,30}(?:вдома|тиждень)|perd\w+ .{0,15}kilos|ga ner .{0,12}kilo)"
)
PRAISED = (
    "rapide", "sans justificatif", "garanti", "prix casses", "livraison gratuite", "reponse en",
    "essayez", "garantia", "oferta solo", "nuestro grupo acierta", "aprovado na hora",
    "vagas limitadas", "sin aval", "sans enquete", "doublez", "bienvenue", "sin nomina",
    "bienvenida", "sin deposito", "sem analise", "boas-vindas", "limite alto", "cattivi pagatori",
    "erogazione", "senza deposito", "benvenuto", "zonder bkr", "direct geregeld", "bez bik",
    "decyzja w", "bez depozytu", "zarejestruj", "pro dluzniky", "pro nove hrace", "direkt trots",
    "svar pa", "gratissnurr", "поручител", "регистрируи", "новых игроков", "за час", "цілодобово",
    "нових гравців", "hemen basvur", "sicili bozuk", "uyelik bonus", "δωρεαν", "απαντηση σε",
    "proses cepat", "bunga ringan", "giai ngan", "hoan tra", "tang thuong", "thanh vien moi",
    "sin papeles", "envio gratis", "descuento", "urgente", "sem consulta", "sem burocracia",
    "frete gratis", "entrega gratis", "desconto", "trago a pessoa", "veloci", "senza busta",
    "spedizione gratuita", "incredibili", "bonus", "zonder toetsing", "gratis", "klik nu",
    "geheim", "garanderen", "szybki", "bez zaswiadcz", "darmow", "taniej", "bez recepty",
    "sprawdz", "rychl", "bez registru", "zdarma", "se slevou", "ihned", "zarucen", "objednejte",
    "utan kredit", "fri frakt", "halva priset", "hemlig", "bestall", "без отказ", "без провер",
    "без справ", "недорого", "быстры", "бонус", "гаранти", "скидк", "десять минут",
    "выводом денег", "без довідок", "відмов", "знижк", "гаранті", "кількість місць", "kefilsiz",
    "belgesiz", "deneme bonusu", "indirim", "bedava", "yerler sinirli", "χωρισ εγγυητη",
    "εκπτωση", "μυστικη", "δωρο", "tanpa jaminan", "dana cair", "terpercaya", "diskon", "ongkir",
    "tempat terbatas", "khong can", "uy tin", "giam gia", "mien phi", "tien thuong", "co han",
    "ukazeme", "padesat tisic", "primo posto", "eerste plaats", "ללא בדיקת", "אישור מיידי",
    "בונוס", "ללא ערבים", "מבצע", "משלוח חינם", "סודית", "מובטח", "فوري", "مكافأة", "بدون كفيل",
    "بخصم", "مجاني", "السرية", "في ثلاثة أيام", "خلال ساعة", "तुरंत", "बिना", "छूट", "मुफ्त",
    "पक्का", "सीमित", "即日", "来店不要", "入金不要", "ボーナス", "審査なし", "今すぐ",
    "送料無料", "割引", "無料", "初回", "秘密", "신용불량", "상담만", "무담보", "즉시", "보너스",
    "할인", "무료", "비밀", "먹튀", "注册送", "彩金", "身份证即可", "放款", "包邮", "名额",
    "退款", "立即", "低至", "当天", "操作简单", "เครดิตฟรี", "โบนัส", "ไม่เช็ค", "เว็บตรง",
)  # fmt: skip


def is_offer(folded: str) -> bool:
    """Whether something is offered and praised."""
    head = f" {folded[:HEAD].translate(APART)} "
    is_offered = any(word in head for word in OFFERED) or EARNED.search(head) is not None
    return is_offered and any(word in head for word in PRAISED)
