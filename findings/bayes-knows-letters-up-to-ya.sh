#!/usr/bin/env bash
# bayes 1.0.0 (npm) is a classifier whose README begins with spam. "The default tokenizer removes punctuation and splits
# on spaces"; asked about Chinese, its issue 23 says that characters are taken as letters by default.
# One expects it to tell the very texts apart that it was taught, in any language.
# Seen: what it keeps runs from "A" to the Cyrillic "я" in Unicode's order, so that Greek works as well. All that comes
# later is punctuation to it: Hebrew, Arabic, Hindi, Korean and Chinese letters go, and what is left of a comment
# is the empty string, counted as a word. All of them are then what most of what it was taught is.
# bayes-classifier 0.0.5, of which npm's spam-detection is made, knows ASCII letters only.
# Why it matters: on a blog with readers in such a language, taught more spam than comments, every honest one is spam,
# however often a moderator corrects it. No error says so, and a test in Russian or Greek passes. Give it a
# tokenizer (an option): the runs of \p{L}, \p{M} and \p{N}, or pieces of them.
# Prints per language how many words each knows after two honest texts and three of spam, and what it says of the
# five; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    bayes@1.0.0 bayes-classifier@0.0.5 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 2; }
cat >"$folder/npm/learn.js" <<'JS'
const bayes = require("bayes");
const BayesClassifier = require("bayes-classifier");

// Each: two honest comments, then three of spam.
const TEXTS = {
  English: ["I walked along the river", "The bridge is old", "Cheap watches", "Win money", "Casino bonus today"],
  German: ["Ich ging den Fluss entlang", "Die Brücke ist alt", "Günstige Uhren", "Geld gewinnen", "Kasino Bonus heute"],
  Greek: ["Περπάτησα δίπλα στο ποτάμι", "Η γέφυρα είναι παλιά", "Φτηνά ρολόγια", "Κέρδισε χρήματα", "Μπόνους καζίνο σήμερα"],
  Russian: ["Я гулял вдоль реки", "Мост старый", "Дешевые часы", "Выиграй деньги", "Бонус казино сегодня"],
  Hebrew: ["הלכתי לאורך הנהר", "הגשר ישן", "שעונים זולים", "לזכות בכסף", "בונוס קזינו היום"],
  Arabic: ["مشيت على طول النهر", "الجسر قديم", "ساعات رخيصة", "اربح المال", "مكافأة كازينو اليوم"],
  Hindi: ["मैं नदी के किनारे चला", "पुल पुराना है", "सस्ती घड़ियाँ", "पैसे जीतें", "आज कैसीनो बोनस"],
  Korean: ["강을 따라 걸었어요", "다리가 오래됐어요", "값싼 시계", "돈을 따세요", "오늘 카지노 보너스"],
  Chinese: ["我沿着河走", "桥很老", "廉价手表", "赢钱", "今天赌场奖金"],
};
const told = (words, said) => `${String(words).padStart(2)} words: ${said.join(" ").padEnd(24)}`;

(async () => {
  console.log(`${"".padEnd(8)} ${"bayes".padEnd(35)}bayes-classifier`);
  for (const [language, texts] of Object.entries(TEXTS)) {
    const one = bayes();
    const other = new BayesClassifier();
    for (const [place, text] of texts.entries()) {
      await one.learn(text, place < 2 ? "ham" : "spam");
      other.addDocument(text, place < 2 ? "ham" : "spam");
    }
    other.train();
    const said = [];
    for (const text of texts) said.push(await one.categorize(text));
    const others = texts.map(text => other.classify(text));
    const row = [told(one.vocabularySize, said), told(Object.keys(other.features).length, others)];
    console.log(`${language.padEnd(8)} ${row.join(" ").trimEnd()}`);
  }
})();
JS
node "$folder/npm/learn.js" | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { echo "changed: they know other letters than seen"; exit 1; }
         bayes                              bayes-classifier
English  16 words: ham ham spam spam spam   14 words: ham ham spam spam spam
German   16 words: ham ham spam spam spam   18 words: ham ham spam spam spam
Greek    15 words: ham ham spam spam spam    0 words: spam spam spam spam spam
Russian  13 words: ham ham spam spam spam    0 words: spam spam spam spam spam
Hebrew    1 words: spam spam spam spam spam  0 words: spam spam spam spam spam
Arabic    1 words: spam spam spam spam spam  0 words: spam spam spam spam spam
Hindi     1 words: spam spam spam spam spam  0 words: spam spam spam spam spam
Korean    1 words: spam spam spam spam spam  0 words: spam spam spam spam spam
Chinese   1 words: spam spam spam spam spam  0 words: spam spam spam spam spam
SEEN
