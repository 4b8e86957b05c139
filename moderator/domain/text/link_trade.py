"""Whether somebody wants to buy, swap or place links or articles at a blog; folded text.

To speak of such a trade is nothing; whoever asks for it, or offers it, means this blog.
"""

import re
from itertools import islice

WARES = re.compile(
    r"\b(?:guest (?:post|article|blog)|sponsored (?:post|article|content|review)|back ?links?\b"
    r"|do ?-?follow|link (?:exchange|swap|insertion|building)|text links?\b"
    r"|paid (?:post|link|article)|place (?:a|my|our) (?:link|article|banner)"
    r"|link to our (?:client|site|page|website)|advertis(?:ing|ement) (?:place|space|spot)"
    r"|gastbeitrag|gastartikel|linktausch|linkaufbau|gesponserte[rn]? (?:artikel|beitrag)"
    r"|article (?:invite|sponsorise)|echange de liens|(?:articulo|post) (?:invitado|patrocinado)"
    r"|intercambio de enlaces|(?:post|artigo) patrocinado|troca de links|scambio link"
    r"|articolo sponsorizzato|artykul sponsorowany|wymiana linkow"
    r"|гостев(?:ой|ую) (?:пост|статью)|обмен ссылками|купить ссылк)"
)
ASKS = re.compile(
    r"\b(?:do you (?:accept|sell|offer|allow|take|publish)|are you (?:open|interested|looking)"
    r"|(?:can|could|may) (?:i|we) (?:buy|submit|publish|contribute|place|write|send|get|pay)"
    r"|(?:i|we) (?:can|offer|pay|provide|sell|write|came across|are looking)"
    r"|(?:i|we)(?:'d| would)? (?:like|love|want|wish) to"
    r" (?:publish|contribute|submit|place|buy|discuss|offer|write|post|exchange)"
    r"|wondering (?:if|whether) you|how much|your (?:price|rates|guidelines)|(?:a|our) budget"
    r"|write back|(?:nehmt|nehmen|akzeptier|verkauf|biet|tausch)\w{0,6} (?:ihr|sie|du)"
    r"|(?:ich|wir) (?:biet|mocht|wurd|kauf|schreib)\w{0,4}|was kostet|acceptez-vous"
    r"|proposez-vous|(?:je|nous) (?:propos|souhait|voudr)\w{0,6}|aceptan?|aceita|me gustaria"
    r"|gostaria|accettate|vorrei|przyjm|chcial|предлага|хотел|принимаете|сколько стоит)"
)
NEAR = 120  # characters between what is asked for and the words that ask
MOST = 8  # wares that are looked at


def is_asked(folded: str) -> bool:
    """Whether a text asks for such a trade."""
    return any(
        ASKS.search(folded, max(ware.start() - NEAR, 0), ware.end() + NEAR)
        for ware in islice(WARES.finditer(folded), MOST)
    )
