"""Words that any title and any text may have, in a few languages: they tell no topic."""

from moderator.domain.text.fold import fold

_ENGLISH = """
    about after again all also and another any are back because been before being best both but
    can could did does done down each even ever every few first for from get good got great had
    has have her here him his how into its just last least less like made make many may more
    most much must myself new next nor not now off old once one only other our out over own part
    really same see shall she should some still such than that the their them then there these
    they thing things this those three through time too top two under until upon very was way
    week well were what when where which while who whom whose why will with without would year
    years yes yet you your
"""
_OF_BLOGS = """
    article blog category comment comments contact general home misc news open page post posts
    read story thread today uncategorized update welcome
"""
_GERMAN = """
    aber alle als auch auf aus bei bin bis das dass dem den der des dich die dies diese doch
    dort durch ein eine einem einen einer eines fur gegen hat hatte ich ihr ihre ist jetzt kann
    kein keine man mehr mein mit muss nach neue nicht noch nun nur oder ohne schon sehr sein
    seine sich sie sind uber und uns unser unter viel vom von vor war warum wenn wer werden wie
    wir wird zum zur
"""
_FRENCH = """
    aux avec ces cette comme dans elle est etre faire fait ici ils les leur lui mais meme mes
    moins mon nos notre nous par pas plus pour pourquoi quand que quel quelle qui quoi sans ses
    son sont sur toujours tous tout toute tres une vos votre vous
"""
_SPANISH_PORTUGUESE_ITALIAN = """
    ainda algo alla anche ancora antes ate che chi com come como con contra cosa cual cuando cui
    dal dalla dei del della delle depois desde donde dopo dos dove ela ele ella ellos entre era
    eres esa ese essa esse esta este esto fue gli hace hanno hasta hay isso las loro los mas
    mesmo mientras mucho muito muy nada nao nas nel nella non nostra nostro nuestra nuestro numa
    ogni otra otro para pela pelo perche pero piu poco por porque prima puede quando quello quem
    questa questo quien sao sei sem senza ser seu sia sin sobre solo sono stato sua sul sulla
    suo sus tambien tem tiene toda todo todos tra tutti tutto uma una uno unos voce
"""
_DUTCH = """
    aan bij dan dat deze dit door een geen haar heb heeft het hij hoe hun kan maar meer met naar
    niet nog ons onze ook tot uit van veel voor waar wat wel wordt zijn
"""
_POLISH_TURKISH_INDONESIAN = """
    adalah akan albo ale atau bez bir bisa byc cok czy daha dari degil dengan dla gibi icin ile
    ini itu jak jako jest juga juz kadar karena kiedy kita ktory nasil neden nie olan olarak
    oleh oraz pada pod przez saya tak tego tidak tylko tym untuk veya yang
"""
_RUSSIAN = """
    без был была были быть вас все всех где даже для его если есть еще зачем или как когда кто
    либо между мне может мой нас наш нет них новый она они оно очень под после потому почему при
    про себя так там тем того тоже только уже чем что чтобы эта эти это этот
"""

STOP_WORDS = frozenset(
    fold(
        _ENGLISH
        + _OF_BLOGS
        + _GERMAN
        + _FRENCH
        + _SPANISH_PORTUGUESE_ITALIAN
        + _DUTCH
        + _POLISH_TURKISH_INDONESIAN
        + _RUSSIAN
    ).split()
)
