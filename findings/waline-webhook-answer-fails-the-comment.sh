#!/usr/bin/env bash
# @waline/vercel 1.39.3 (npm) stores a comment, then calls WEBHOOK, waits, and reads the answer as JSON.
# One expects a webhook to be a notice: any 2xx answer is enough, 204 without a body among them, and what the
# receiver does or fails to do is no matter of the visitor's, whose comment is kept.
# Seen: an answer that is not JSON, 204 and "ok" as text among them, and a receiver that is away, end the request
# after the comment was stored: the visitor is told error 500 (issue 3444 of walinejs/waline shows it), and
# what follows is left out, the postSave hook as seen here. What is read from the answer is not used.
# Who then posts again, as one does after an error, is told that the content is a duplicate.
# Why it matters: with a receiver that answers a usual 204, or is away for a moment, every visitor takes a comment
# that was kept for lost. A moderating service behind this webhook answers with a JSON body, always.
# Prints per receiver on loopback what a visitor is told, and what became of the comment; fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" \
    @waline/vercel@1.39.3 >"$folder/out" 2>&1 || { cat "$folder/out"; exit 2; }
cat >"$folder/npm/comment.js" <<'JS'
const http = require("node:http");

const RECEIVERS = {
  "200, JSON": answer => answer.writeHead(200, { "content-type": "application/json" }).end("{}"),
  "204, no body": answer => answer.writeHead(204).end(),
  "200, text ok": answer => answer.writeHead(200, { "content-type": "text/plain" }).end("ok"),
  "away": null,
};
const comments = [];
// Its own option `model` lets a storage be given; of its questions those asked here are answered.
const model = table => ({
  select: async where => (table !== "Comment" ? [] : comments.filter(
    row => ["url", "mail", "nick", "comment"].every(name => name in where && row[name] === where[name]))),
  count: async () => 0,
  add: async data => {
    const row = { ...data, objectId: String(comments.length + 1) };
    comments.push(row);
    return row;
  },
});
const listening = server => new Promise(done => server.listen(0, "127.0.0.1", () =>
  done(`http://127.0.0.1:${server.address().port}`)));

(async () => {
  const print = console.log;
  console.log = console.info = console.warn = console.error = console.debug = () => {};
  let hooks = 0;
  let waline;
  // It asks an OAuth service which others it knows: none.
  const blog = http.createServer((request, answer) =>
    (request.url === "/oauth" ? answer.end('{"services": []}') : waline(request, answer)));
  const origin = await listening(blog);
  Object.assign(process.env, {
    OAUTH_URL: `${origin}/oauth`, AKISMET_KEY: "false", IPQPS: "0", SITE_URL: "https://blog.example.org",
    MYSQL_DB: "unused", MYSQL_PASSWORD: "unused",
  });
  waline = require("@waline/vercel")({ env: "vercel", model, postSave: async () => { hooks += 1; } });
  const post = async nick => {
    const answer = await fetch(`${origin}/api/comment`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        nick, mail: "ann@example.org", comment: "Mine rose after a day.", ua: "Mozilla/5.0", url: "/sourdough",
      }),
    });
    const { errno, errmsg } = await answer.json();
    return errno ? `error ${errno}${errno === 500 ? "" : ` (${errmsg})`}` : "stored";
  };
  for (const [name, react] of Object.entries(RECEIVERS)) {
    const receiver = http.createServer((request, answer) => request.resume().on("end", () => react(answer)));
    process.env.WEBHOOK = `${await listening(receiver)}/comments`;
    if (!react) await new Promise(done => receiver.close(done));
    const before = comments.length;
    hooks = 0;
    const told = await post(name);
    print(`WEBHOOK ${name.padEnd(12)}: told ${told.padEnd(9)}  in storage ${comments.length - before}`
      + `  postSave ran ${hooks}  again: ${await post(name)}`);
  }
  process.exit(0);
})();
JS
(cd "$folder/npm" && NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 node comment.js) | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { echo "changed: the webhook's answer no longer does what was seen"; exit 1; }
WEBHOOK 200, JSON   : told stored     in storage 1  postSave ran 1  again: error 1000 (Duplicate Content)
WEBHOOK 204, no body: told error 500  in storage 1  postSave ran 0  again: error 1000 (Duplicate Content)
WEBHOOK 200, text ok: told error 500  in storage 1  postSave ran 0  again: error 1000 (Duplicate Content)
WEBHOOK away        : told error 500  in storage 1  postSave ran 0  again: error 1000 (Duplicate Content)
SEEN
