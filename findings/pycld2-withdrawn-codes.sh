#!/usr/bin/env bash
# pycld2 0.42 (PyPI) names languages by codes of its own time. One expects the codes of ISO 639-1 that
# pages, browsers and blog settings carry in lang=, or one family of codes throughout.
# Seen: Hebrew is "iw" (withdrawn in 1989 for "he") and Javanese "jw" (corrected to "jv" in 2001), while
# Indonesian is "id" and Yiddish "yi", the present codes of the two others withdrawn together with "iw".
# Bokmaal is "no" but Nynorsk "nn"; traditional Chinese is "zh-Hant" but simplified "zh"; Filipino is "tl".
# Why it matters: a moderator that compares the detected code with the languages a blog declares takes
# every Hebrew comment on a Hebrew blog for a foreign one, and tests in the usual languages do not show
# it. Map the codes before comparing.
# Prints the detected code for a plain sentence beside the code a page would declare; fails on a change.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycld2==0.42 2>"$folder/pip" ||
    { cat "$folder/pip"; exit 2; }
PYTHONIOENCODING=utf-8 "$folder/venv/bin/python" - <<'PYTHON' | tee "$folder/seen"
import pycld2

SENTENCES = {
    "he": "זה מאמר נהדר על הנהר והגשר שמעליו, תודה רבה לך על הכתיבה",
    "jv": "Aku seneng banget maca tulisan iki, matur nuwun sanget kanggo penjelasane sing apik",
    "id": "Saya senang sekali bisa membaca artikel tentang sungai dan jembatan itu karena penjelasannya bagus, saya butuh informasi seperti ini",
    "yi": "דאָס איז אַ זייער שיינער אַרטיקל וועגן דעם טייך און די בריק, אַ גרויסן דאַנק",
    "nb": "Dette var en veldig fin artikkel om elva og broen, tusen takk for at du skrev den",
    "nn": "Dette var ein veldig fin artikkel om elva og brua, tusen takk for at du skreiv han, eg likte ikkje slutten",
    "fil": "Maraming salamat sa napakagandang artikulo tungkol sa ilog at sa tulay, nagustuhan ko ito",
    "zh-Hans": "这是一篇关于河流和桥梁的精彩文章,非常感谢你写了它",
    "zh-Hant": "這是一篇關於河流和橋樑的精彩文章,非常感謝你寫了它",
}
for declared, sentence in SENTENCES.items():
    reliable, _, (best, *_) = pycld2.detect(sentence)
    print(f"declared {declared:8} detected {best[1]:8} ({best[0]}, reliable: {reliable})")
PYTHON
diff - "$folder/seen" <<'SEEN' || { echo "changed: other codes than seen"; exit 1; }
declared he       detected iw       (HEBREW, reliable: True)
declared jv       detected jw       (JAVANESE, reliable: True)
declared id       detected id       (INDONESIAN, reliable: True)
declared yi       detected yi       (YIDDISH, reliable: True)
declared nb       detected no       (NORWEGIAN, reliable: True)
declared nn       detected nn       (NORWEGIAN_N, reliable: True)
declared fil      detected tl       (TAGALOG, reliable: True)
declared zh-Hans  detected zh       (Chinese, reliable: True)
declared zh-Hant  detected zh-Hant  (ChineseT, reliable: True)
SEEN
