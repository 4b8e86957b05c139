#!/usr/bin/env bash
# @chrisburnell/eleventy-cache-webmentions 2.3.5 (npm, with @11ty/eleventy-fetch 5.1.3) shows the mentions of a feed
# in the shape of webmention.io's on a static site. Its README says that results are kept for `duration` (a day).
# One expects a build after that to show what the feed has then: a receiver has to update and delete what was sent
# again (Webmention 3.2.4), and a moderator decides after a mention was received.
# Seen: a later build asks only for what was received since the newest mention it knows, and adds that to what it
# has. What was withdrawn or called spam since stays on the site, what was edited keeps its first words, and what
# was held and approved later than a newer one never comes. webmention.io's README describes `since` as by the
# time of receipt, which is no fault: a cache cannot be kept true with it.
# Why it matters: on such a site a moderator's decision counts only when it is the first and in time; spam taken back
# stays for good, as .cache is usually kept between builds. `refresh: true` (a documented option) asks for all.
# Prints what each build asks and shows, against a feed on loopback; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    @chrisburnell/eleventy-cache-webmentions@2.3.5 @11ty/eleventy-fetch@5.1.3 >"$folder/out" 2>&1 ||
    { cat "$folder/out"; exit 2; }
cat >"$folder/npm/build.js" <<'JS'
const plugin = require("@chrisburnell/eleventy-cache-webmentions");

const [feed, cacheDirectory, refresh] = process.argv.slice(2);
const options = {
  ...plugin.defaults, domain: "https://blog.example.org", feed, key: "children", cacheDirectory,
  duration: "0s", refresh: refresh === "true",
};
console.log = () => {};
plugin.getWebmentions(options, "https://blog.example.org/river/").then(found =>
  process.stdout.write(found.map(one => `  shows ${one.url} "${one.content.text}"\n`).join("")));
JS
cat >"$folder/npm/feed.js" <<'JS'
const http = require("node:http");
const { spawn } = require("node:child_process");

const mention = (name, day, text) => ({
  type: "entry", url: `https://${name}.example/`, content: { text }, "wm-property": "mention-of",
  "wm-source": `https://${name}.example/`, "wm-target": "https://blog.example.org/river/",
  "wm-received": `2026-03-0${day}T12:00:00Z`,
});
let mentions = [mention("edited", 2, "first words"), mention("withdrawn", 3, "buy this"), mention("kept", 4, "lovely")];
const server = http.createServer((request, answer) => {
  const since = new URL(request.url, "http://feed").searchParams.get("since");
  process.stdout.write(`  asks for ${since ? `what came after ${since}` : "everything"}\n`);
  const children = mentions.filter(one => !since || one["wm-received"] > since);
  answer.setHeader("content-type", "application/json");
  answer.end(JSON.stringify({ type: "feed", children }));
});
const build = (name, refresh) => new Promise(done => {
  process.stdout.write(`${name}\n`);
  const feed = `http://127.0.0.1:${server.address().port}/api/mentions.jf2?domain=blog.example.org`;
  const args = [`${__dirname}/build.js`, feed, `${__dirname}/cache`, String(refresh)];
  spawn(process.execPath, args, { stdio: "inherit" }).on("exit", done);
});
server.listen(0, "127.0.0.1", async () => {
  await build("first build", false);
  mentions = [
    mention("held", 1, "approved now"), mention("edited", 2, "second words"), mention("kept", 4, "lovely"),
    mention("new", 5, "hello"),
  ];
  await build("a build after moderation", false);
  await build("the same with refresh: true", true);
  server.close();
});
JS
node "$folder/npm/feed.js" 2>"$folder/err" | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { cat "$folder/err"; echo "changed: the builds show otherwise than seen"; exit 1; }
first build
  asks for everything
  shows https://edited.example/ "first words"
  shows https://withdrawn.example/ "buy this"
  shows https://kept.example/ "lovely"
a build after moderation
  asks for what came after 2026-03-04T12:00:00Z
  shows https://edited.example/ "first words"
  shows https://withdrawn.example/ "buy this"
  shows https://kept.example/ "lovely"
  shows https://new.example/ "hello"
the same with refresh: true
  asks for everything
  shows https://held.example/ "approved now"
  shows https://edited.example/ "second words"
  shows https://kept.example/ "lovely"
  shows https://new.example/ "hello"
SEEN
