"""Pages that are nobody's own: search engines, portals, and walls that anybody may write on."""

# fmt: off
PORTALS = frozenset((
    "aol.com", "ask.com", "baidu.com", "bing.com", "daum.net", "duckduckgo.com", "gmail.com",
    "gmx.de", "gmx.net", "google.com", "graph.org", "hotmail.com", "justpaste.it", "live.com",
    "mail.ru", "msn.com", "naver.com", "outlook.com", "paste.ee", "pastebin.com", "qq.com",
    "rambler.ru", "rentry.co", "seznam.cz", "sina.com.cn", "sohu.com", "t-online.de",
    "telegra.ph", "web.de", "wp.pl", "yahoo.co.jp", "yahoo.com", "yandex.com", "yandex.ru",
    "163.com",
))
# fmt: on
