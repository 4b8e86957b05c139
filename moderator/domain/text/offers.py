"""Whether a text in a language that no model of ours reads sounds like an advertisement.

What is offered (loans, bets, copies of brands, easy money, spells, diplomas, slimming, a place in
search engines) beside how it is praised, in the languages that most blogs are written in; folded
text. Either alone is what everybody talks about.
"""

import re

HEAD = 400  # characters that are looked at: whoever writes more tells something
OFFERED = re.compile(
    # loans
    r"\b(?:credit rapide|pret(?:s|ons)? (?:entre|rapide|de \d|personnel)|nous pretons|prestamos?\b"
    r"|emprestimos?\b|prestit[io]\b|geld lenen|lening|pozyczk|chwilowk|pujck|snabba? lan\b|snabblan"
    r"|заимы\b|быстр\w+ кредит|швидк\w+ кредит|позик[аиу]|aninda kredi|kredi kart"
    r"|(?:αμεσα )?δανεια\b"
    r"|pinjaman|vay tien|cho vay"
    r"|creditos? al instante|credito liberado|finanziament[io]\b|leen vandaag|kredyt gotowkow"
    r"|lana pengar|кредит наличными|kredi veril|γρηγορο δανειο|dana tunai|vay nong"
    # bets
    r"|casinos?\b|kasino|kasyno|казино|καζινο|slot gacor|judi\b|togel|nha cai|ca cuoc|bahis|iddaa"
    r"|tigrinho|natcasino|apuestas|apostas|scommesse|букмекер|ставк\w+ на спорт"
    # copies of brands
    r"|montres? de luxe|sacs? de marque|relojes? de (?:marca|lujo)|relogios? de (?:marca|luxo)"
    r"|orologi e borse|merkhorloges|markowe zegarki|znackove hodinky|markesklockor"
    r"|брендов\w+ (?:час|сум)|фирменн\w+ (?:час|сум)|фірмов\w+ годинник|orijinal saat"
    r"|επωνυμα ρολογια|jam tangan|dong ho va tui"
    # easy money
    r"|gagn\w+ .{0,25}euros|gan(?:a|e|ar|o) .{0,30}(?:euros|dolares|dinero)|ganh\w+ .{0,25}dinheiro"
    r"|renda extra|trabalhe em casa|seguidores reales|pastillas para|relogios? e malas"
    r"|guadagn\w+ .{0,30}euro|verdien .{0,40}(?:euro|thuis)|zarabia[jć]|zarabiaj"
    r"|vydelavejte|tjana .{0,40}(?:kronor|hemifran)|зарабатыва\w+ .{0,30}(?:дом|недел|рубл)"
    r"|заробля\w+ .{0,30}(?:вдома|тиждень)|lira kazan|κερδιστε|hasilkan jutaan|kiem tien"
    # spells, diplomas, slimming, search engines
    r"|voyant|marabout|videncia|amarr(?:e|acao)\b|cartomante|приворот|ворожк"
    r"|купит[ьи] диплом|perd\w+ .{0,15}kilos|adelgaza|emagre[cç]|dimagri|odchudzani|hubnuti"
    r"|ga ner .{0,12}kilo|похудеть|схуднути|zayiflama|продвижение саит|просування саит"
    r"|posicionamiento web|bezoekers voor uw|clienti del tuo sito|pozycjonowani)"
    r"|הלוואה ללא|הלוואות|קזינו|שעוני יוקרה|הרוויחו|קידום אתרים"
    r"|تمويل شخصي|قروض|كازينو|مراهنات|ساعات وحقائب|اربح|جلب الحبيب|شيخ روحاني"
    r"|लोन|कैसीनो|ब्रांडेड|कमाए|वशीकरण"
    r"|キャッシング|融資|カジノ|ブランド時計"
    r"|月収|副業|痩せる|대출|카지노|바카라|토토|명품|버는 비밀"
    r"|재택"
    r"|贷款|赌场|博彩|娱乐城|百家乐|名牌手表|兼职|网站优化|刷粉|减肥"
    r"|สินเชื่อ|เงินกู้|คาสิโน|สล็อต|บาคาร่า|แทงบอล|หวยออนไลน์"
)
PRAISED = re.compile(
    r"\b(?:rapide|sans justificatif|garanti|prix casses|livraison gratuite|reponse en|essayez"
    r"|garantia|oferta solo|nuestro grupo acierta|aprovado na hora|vagas limitadas|sin aval"
    r"|en \d+ heures|doublez|bienvenue|sin nomina|bienvenida|sin deposito|sem analise|boas-vindas"
    r"|limite alto|cattivi pagatori|erogazione|senza deposito|benvenuto|zonder bkr|direct geregeld"
    r"|bez bik|decyzja w|bez depozytu|zarejestruj|pro dluzniky|pro nove hrace|direkt trots|svar pa"
    r"|gratissnurr|поручител|регистрируи|новых игроков|за час\b|цілодобово|нових гравців"
    r"|hemen basvur|sicili bozuk|uyelik bonus|δωρεαν|απαντηση σε|proses cepat|bunga ringan"
    r"|giai ngan|hoan tra|tang thuong|thanh vien moi"
    r"|sin papeles|envio gratis|descuento|urgente|sem consulta|sem burocracia"
    r"|frete gratis|entrega gratis|desconto|trago a pessoa|veloci\b|senza busta|spedizione gratuita"
    r"|incredibili|bonus|zonder toetsing|gratis\b|klik nu|geheim|garanderen|szybki|bez zaswiadcz"
    r"|darmow|taniej|bez recepty|sprawdz|rychl|bez registru|zdarma|se slevou|ihned|zarucen"
    r"|objednejte|utan kredit|fri frakt|halva priset|hemlig|bestall|без отказ|без провер|без справ"
    r"|недорого|быстры|бонус|гаранти|скидк|за (?:десять|\d+) минут|выводом денег|без довідок|відмов"
    r"|знижк|гаранті|кількість місць|kefilsiz|belgesiz|deneme bonusu|indirim|bedava|yerler sinirli"
    r"|χωρισ εγγυητη|εκπτωση|μυστικη|δωρο|tanpa jaminan|dana cair|terpercaya|diskon|ongkir"
    r"|tempat terbatas|khong can|uy tin|giam gia|mien phi|tien thuong|co han|vydelavejte .{0,60}jak"
    r"|ukazeme|padesat tisic|primo posto|eerste plaats)"
    r"|ללא בדיקת|אישור מיידי|בונוס|ללא ערבים|מבצע|משלוח חינם|סודית|מובטח"
    r"|فوري|مكافأة|بدون كفيل|بخصم|مجاني|السرية|في ثلاثة أيام|خلال ساعة"
    r"|तुरंत|बिना|छूट|मुफ्त|पक्का|सीमित"
    r"|即日|来店不要|入金不要|ボーナス|審査なし|今すぐ|送料無料|割引|無料|初回|秘密|신용불량|상담만|무담보|즉시|보너스|할인|무료|비밀|먹튀"
    r"|注册送|彩金|身份证即可|放款|包邮|名额|退款|立即|低至|当天|操作简单|เครดิตฟรี|โบนัส|ไม่เช็ค|เว็บตรง"
)


def is_offer(folded: str) -> bool:
    """Whether something is offered and praised."""
    head = folded[:HEAD]
    return OFFERED.search(head) is not None and PRAISED.search(head) is not None
