#!/usr/bin/env bash
# twikoo-func 1.7.9 (npm; it asks for pushoo "latest", here 0.1.12) tells the blogger of a comment by mail, or, once
# PUSHOO_CHANNEL and PUSHOO_TOKEN are set, by that channel; mail then stops unless SC_MAIL_NOTIFY is "true".
# pushoo names `webhook` first among its channels. One expects that channel, with the receiver's URL in the
# only other field, to call it; or, if it cannot, to be told so, or at least to get the mail as before.
# Seen: pushoo wants the URL in an option that Twikoo does not hand on, returns (never throws) "Webhook url is
# required", and Twikoo logs that as a result like any other: no call, and no mail either. What pushoo's README
# offers for Twikoo instead, the URL as the channel's name with the token optional, does call, but Twikoo sends to
# no channel without a token, so that any word must stand there.
# Why it matters: a blogger who moderates by webhook hears of no comment from then on, by mail neither.
# Prints calls and mails per setting, one comment each, against a receiver and a mail server on loopback;
# fails when that changes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/npm"
echo '{"dependencies": {"twikoo-func": "1.7.9"}, "overrides": {"pushoo": "0.1.12"}}' >"$folder/npm/package.json"
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/npm" >"$folder/out" 2>&1 ||
    { cat "$folder/out"; exit 2; }
cat >"$folder/npm/notice.js" <<'JS'
const http = require("node:http");
const net = require("node:net");
const { sendNotice } = require("twikoo-func/utils/notify.js");

let calls = 0;
let mails = 0;
const receiver = http.createServer((request, answer) => {
  calls += 1;
  request.resume().on("end", () => answer.end("{}"));
});
const mailServer = net.createServer(socket => {
  let inMail = false;
  const say = line => socket.write(`${line}\r\n`);
  say("220 mail.example.org");
  require("node:readline").createInterface({ input: socket }).on("line", line => {
    if (inMail) {
      if (line !== ".") return;
      inMail = false;
      mails += 1;
      return say("250 taken");
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === "EHLO") return socket.write("250-mail.example.org\r\n250 AUTH PLAIN\r\n");
    if (verb === "AUTH") return say("235 welcome");
    if (verb === "QUIT") return socket.end("221 bye\r\n");
    inMail = verb === "DATA";
    say(inMail ? "354 go on" : "250 well");
  });
});
const listening = server => new Promise(done => server.listen(0, "127.0.0.1", () => done(server.address().port)));

(async () => {
  const url = `http://127.0.0.1:${await listening(receiver)}/comments`;
  const mailPort = await listening(mailServer);
  const print = console.log;
  let reason = "";
  console.log = console.info = console.debug = console.warn = () => {};
  console.error = (...words) => { reason = words.join(" "); };
  const settings = [
    ["no channel", "", ""],
    ["webhook, token: the URL", "webhook", url],
    ["the URL, no token", url, ""],
    ["the URL, token: any word", url, "any"],
  ];
  for (const [name, channel, token] of settings) {
    calls = mails = 0;
    reason = "";
    await sendNotice({
      id: "c1", nick: "Ann", mail: "ann@example.org", ip: "192.0.2.7", ua: "Mozilla/5.0", link: "",
      url: "/sourdough", href: "https://blog.example.org/sourdough", comment: "<p>Mine rose after a day.</p>",
    }, {
      SITE_NAME: "A blog", SITE_URL: "https://blog.example.org", BLOGGER_EMAIL: "me@example.org",
      SENDER_NAME: "A blog", SENDER_EMAIL: "blog@example.org", SMTP_HOST: "127.0.0.1",
      SMTP_PORT: String(mailPort), SMTP_SECURE: "false", SMTP_USER: "blog", SMTP_PASS: "word",
      PUSHOO_CHANNEL: channel, PUSHOO_TOKEN: token,
    }, async () => undefined);
    print(`channel: ${name.padEnd(26)} calls ${calls}  mails ${mails}  ${reason}`.trimEnd());
  }
  process.exit(0);
})();
JS
NO_PROXY=127.0.0.1 no_proxy=127.0.0.1 node "$folder/npm/notice.js" | tee "$folder/seen"
diff - "$folder/seen" <<'SEEN' || { echo "changed: the channels no longer do what was seen"; exit 1; }
channel: no channel                 calls 0  mails 1
channel: webhook, token: the URL    calls 0  mails 0  [PUSHOO] Got error: Webhook url is required
channel: the URL, no token          calls 0  mails 1
channel: the URL, token: any word   calls 1  mails 0
SEEN
