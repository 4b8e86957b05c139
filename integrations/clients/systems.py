"""Whole comment systems that ask by code of their own: each program says, in a line of JSON, what
became of an honest comment, of one whose text was reported as spam before, and what was seen.
"""

from integrations.clients.programs import Client

# What a system looks up, it looks up here; names and ports of the world are ours.
RESOLVE_ALL = """
const dns = require("node:dns"), net = require("node:net");
const OURS = /(^|\\.)(rest\\.akismet\\.com|moderator\\.test)$/;
const lookup = dns.lookup;
dns.lookup = (host, options, callback) => {
  const done = callback || options;
  if (!OURS.test(host)) return lookup(host, options, callback);
  options && options.all ? done(null, [{address: "127.0.0.1", family: 4}])
    : done(null, "127.0.0.1", 4);
};
const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options && OURS.test(options.host || "")) options.port = Number(process.env.FRONT);
  return connect.apply(this, args);
};
"""

BEGIN = """
const {KEY, BLOG, PORT, N} = process.env;
const HONEST = `The part on proofing times cleared things up for me, reader ${N}.`;
const SPAM = `Our casino number ${N} pays every winner within the hour, come and play tonight.`;
const version = name => JSON.parse(require("node:fs").readFileSync(
  `node_modules/${name}/package.json`)).version;
const report = () => fetch(`http://127.0.0.1:${PORT}/1.1/submit-spam`, {method: "POST",
  body: new URLSearchParams({api_key: KEY, blog: BLOG, user_ip: "192.0.2.9",
    comment_type: "comment", comment_author: "Joe", comment_content: SPAM,
    permalink: `${BLOG}/elsewhere`})});
"""

# Waline as it is deployed by its own page, with its storage in memory (`model` is its own option).
WALINE = (
    BEGIN
    + """
process.env.AKISMET_KEY = KEY;
process.env.SITE_URL = BLOG;
process.env.IPQPS = "0";
process.env.MYSQL_DB = process.env.MYSQL_PASSWORD = "unused";  // it insists on some storage
process.env.WEBHOOK = `http://127.0.0.1:${PORT}/platforms/waline/blog?key=${KEY}`;
const rows = {};
const fits = (row, where) => Object.entries(where || {}).every(([name, value]) =>
  Array.isArray(value) || name.startsWith("_") || row[name] === value);
const model = name => {
  const table = rows[name] = rows[name] || [];
  return {
    select: async where => where.insertedAt ? [] : table.filter(row => fits(row, where)),
    count: async where => table.filter(row => fits(row, where)).length,
    add: async data => { const row = {...data, objectId: String(table.length + 1)};
      table.push(row); return row; },
    update: async (data, where) => table.filter(row => fits(row, where)).map(row =>
      Object.assign(row, typeof data === "function" ? data(row) : data)),
    delete: async () => 0,
    setSeqId: async () => 0,
  };
};
const log = console.log;
console.log = () => 0;
let waline;
// It asks its OAuth service with every request, and answers none without it.
const server = require("node:http").createServer((request, answer) =>
  request.url === "/oauth" ? answer.end('{"services": []}') : waline(request, answer));
server.listen(0, "127.0.0.1", async () => {
  process.env.OAUTH_URL = `http://127.0.0.1:${server.address().port}/oauth`;
  waline = require("@waline/vercel")({env: "vercel", model});
  const post = async (nick, comment) => {
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/api/comment`, {
      method: "POST", headers: {"content-type": "application/json"},
      body: JSON.stringify({nick, mail: `${nick}@example.org`, comment, ua: "Mozilla/5.0",
        url: "/sourdough"})});
    const told = await answer.json();
    return told.errno ? told.errmsg : (told.data || told).status;
  };
  const told = {version: version("@waline/vercel")};
  told.honest = await post("Jane", HONEST);
  await report();
  told.spam = await post("Jim", SPAM);
  told.seen = `${rows.Comment.length} stored, its WEBHOOK taken`;
  process.stdout.write(JSON.stringify(told) + "\\n", () => process.exit(0));
});
"""
)

# Twikoo's second step, which asks after a comment was stored, and its notice to people.
TWIKOO = (
    BEGIN
    + """
const log = console.log;
console.log = console.info = console.warn = console.error = () => 0;
const {postCheckSpam} = require("twikoo-func/utils/spam.js");
const {noticePushoo} = require("twikoo-func/utils/notify.js");
const pushoo = require("pushoo");
const config = {AKISMET_KEY: KEY, SITE_URL: BLOG, SITE_NAME: "A blog",
  BLOGGER_EMAIL: "me@example.org"};
const comment = (id, nick, text) => ({id, nick, mail: `${nick}@example.org`, ip: "192.0.2.7",
  ua: "Mozilla/5.0", link: "", url: "/sourdough", href: `${BLOG}/sourdough`,
  comment: `<p>${text}</p>`});
const word = isSpam => isSpam === undefined ? "no answer" : isSpam ? "spam" : "ham";
const push = (channel, token) => noticePushoo(comment("t1", "Jane", HONEST),
  {...config, PUSHOO_CHANNEL: channel, PUSHOO_TOKEN: token});
(async () => {
  const told = {version: version("twikoo-func")};
  told.honest = word(await postCheckSpam(comment("t1", "Jane", HONEST), config));
  await report();
  told.spam = word(await postCheckSpam(comment("t2", "Jim", SPAM), config));
  const ours = `https://moderator.test/platforms/twikoo/blog?key=${KEY}`;
  await push("discord", ours);
  const webhook = await (pushoo.default || pushoo)("webhook", {token: ours, content: "x"});
  told.seen = `its notice taken; its channel webhook: ${webhook.error && webhook.error.message}`;
  log(JSON.stringify(told));
  process.exit(0);
})();
"""
)

IKIWIKI = """
use strict; use warnings; use JSON::PP; use LWP::UserAgent; use HTTP::Request; use IkiWiki;
my ($n, $key, $blog, $port) = @ENV{qw(N KEY BLOG PORT)};
my $honest = "The part on proofing times cleared things up for me, reader $n.";
my $spam = "Our casino number $n pays every winner within the hour, come and play tonight.";
my $place = "http://127.0.0.1:$port/blogspam";
%config = (IkiWiki::defaultconfig(), srcdir => ".", destdir => ".", url => $blog,
  cgiurl => "$blog/cgi", blogspam_server => "$place/$key/", verbose => 0, syslog => 0);
{ package Session; sub new { bless {}, shift } sub param { undef } sub remote_addr { "192.0.2.7" } }
IkiWiki::loadplugin("blogspam");
IkiWiki::run_hooks(checkconfig => sub { shift->() });
sub check { my ($author, $text) = @_;
  IkiWiki::check_content(content => $text, page => "sourdough/comment_1", author => $author,
    url => "", subject => "", session => Session->new, nonfatal => 1) ? "ham" : "spam" }
my %told = (version => $IkiWiki::version);
$told{honest} = check("Jane", $honest);
my $ua = LWP::UserAgent->new(env_proxy => 0); $ua->no_proxy("127.0.0.1");
my %report = (train => "spam", comment => $spam, name => "Joe", ip => "192.0.2.9", site => $blog);
$ua->request(HTTP::Request->new(POST => "$place/$key/classify", [], encode_json(\\%report)));
$told{spam} = check("Jim", $spam);
$config{blogspam_server} = "$place/000000000bad/";
$told{seen} = "with a wrong key: " . check("Jim", $spam);
print encode_json(\\%told), "\\n";
"""

NPM = ("@waline/vercel", "twikoo-func")
SYSTEMS = (
    Client("npm `@waline/vercel`", "system", WALINE, {"honest": "approved", "spam": "spam"}),
    Client("npm `twikoo-func`", "system", TWIKOO, {"honest": "ham", "spam": "spam"}),
    Client("Debian `ikiwiki` (blogspam)", "perl", IKIWIKI, {"honest": "ham", "spam": "spam"}),
)
