"""What each client is made to do, in its own language and by its own functions.

Every program prints one line of JSON. HONEST is a comment, SPAM a text that is reported and then
asked about again as if another had sent it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PYPI = ("akismet",)
NPM = ("@cedx/akismet", "akismet-api", "akismet")

# In place of a DNS entry: whatever host a client asks, it is here.
RESOLVE = """
const dns = require("node:dns"), net = require("node:net");
dns.lookup = (host, options, callback) => {
  const done = callback || options;
  options && options.all ? done(null, [{address: "127.0.0.1", family: 4}])
    : done(null, "127.0.0.1", 4);
};
"""

WORDS = """
const N = process.env.N, KEY = process.env.KEY, BLOG = process.env.BLOG, PORT = process.env.PORT;
const HONEST = `The part on proofing times cleared things up for me, reader ${N}.`;
const SPAM = `Our casino number ${N} pays every winner within the hour, come and play tonight.`;
const WRONG = "000000000bad", POST = `${BLOG}/sourdough`;
const version = name => JSON.parse(require("node:fs").readFileSync(
  `node_modules/${name}/package.json`)).version;
"""


@dataclass(frozen=True, slots=True)
class Client:
    """`expected` is what each step comes to in this client's own words."""

    name: str
    language: str
    program: str
    expected: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Run:
    """How a program of a language is started: its text comes last, `names` into its environment."""

    command: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)


EXPECTED = {
    "key": True,
    "honest": "ham",
    "reported": "thanked",
    "known": "spam",
    "taken_back": "thanked",
    "wrong_key": "refused",
}

PYTHON = """
import json, os
from importlib.metadata import version
import akismet, httpx

N, KEY, BLOG, PORT = (os.environ[name] for name in ("N", "KEY", "BLOG", "PORT"))
HONEST = f"The part on proofing times cleared things up for me, reader {N}."
SPAM = f"Our casino number {N} pays every winner within the hour, come and play tonight."


class Here(httpx.HTTPTransport):
    def handle_request(self, request):
        request.url = request.url.copy_with(scheme="http", host="127.0.0.1", port=int(PORT))
        return super().handle_request(request)


def client(key):
    http = httpx.Client(transport=Here(), timeout=1.0)
    return akismet.SyncClient.validated_client(akismet.Config(key, BLOG), http)


def fields(name, text):
    return {"user_ip": "192.0.2.7", "user_agent": "Mozilla/5.0", "comment_type": "comment",
            "comment_author": name, "comment_content": text, "permalink": BLOG + "/sourdough"}


def check(name, text):
    return us.comment_check(**fields(name, text)).name.lower()


us = client(KEY)
told = {"version": version("akismet"), "key": True}
told["honest"] = check("Jane", HONEST)
told["reported"] = "thanked" if us.submit_spam(**fields("Joe", SPAM)) else "no"
told["known"] = check("Jim", SPAM)
told["taken_back"] = "thanked" if us.submit_ham(**fields("Joe", SPAM)) else "no"
try:
    client("000000000bad")
    told["wrong_key"] = "taken"
except akismet.APIKeyError:
    told["wrong_key"] = "refused"
print(json.dumps(told))
"""

CEDX = f"""
import {{createRequire}} from "node:module";
const require = createRequire(process.cwd() + "/");
{WORDS}
const {{Author, Blog, CheckResult, Client, Comment}} = await import(
  process.cwd() + "/node_modules/@cedx/akismet/lib/index.js");
const blog = new Blog({{url: BLOG, charset: "UTF-8", languages: ["en"]}});
const client = key => new Client(key, blog, {{baseUrl: `http://127.0.0.1:${{PORT}}`}});
const comment = (name, content) => new Comment({{content, permalink: POST, type: "comment",
  author: new Author({{name, ipAddress: "192.0.2.7", userAgent: "Mozilla/5.0"}}),
  context: ["bread", "baking"], date: new Date()}});
const us = client(KEY), thanks = promise => promise.then(() => "thanked", e => String(e));
const check = async (c, name, text) => ["ham", "spam", "pervasive"][
  await c.checkComment(comment(name, text))];
const told = {{version: version("@cedx/akismet"), key: await us.verifyKey()}};
told.honest = await check(us, "Jane", HONEST);
told.reported = await thanks(us.submitSpam(comment("Joe", SPAM)));
told.known = await check(us, "Jim", SPAM);
told.taken_back = await thanks(us.submitHam(comment("Joe", SPAM)));
told.wrong_key = await check(client(WRONG), "Jane", HONEST).then(v => v, () => "refused");
console.log(JSON.stringify(told));
"""

API = f"""
{WORDS}
const {{AkismetClient}} = require("akismet-api");
const client = key => new AkismetClient(
  {{key, blog: BLOG, protocol: "http", host: `rest.akismet.test:${{PORT}}`}});
const comment = (name, content) => ({{ip: "192.0.2.7", useragent: "Mozilla/5.0", content, name,
  permalink: POST, type: "comment"}});
const us = client(KEY), thanks = promise => promise.then(() => "thanked", e => String(e));
const check = async (c, name, text) => await c.checkSpam(comment(name, text)) ? "spam" : "ham";
(async () => {{
  const told = {{version: version("akismet-api"), key: await us.verifyKey()}};
  told.honest = await check(us, "Jane", HONEST);
  told.reported = await thanks(us.submitSpam(comment("Joe", SPAM)));
  told.known = await check(us, "Jim", SPAM);
  told.taken_back = await thanks(us.submitHam(comment("Joe", SPAM)));
  told.wrong_key = await check(client(WRONG), "Jane", HONEST).then(v => v, () => "refused");
  console.log(JSON.stringify(told));
}})();
"""

PLAIN = f"""
{WORDS}
const akismet = require("akismet");
const client = apiKey =>
  akismet.client({{blog: BLOG, apiKey, host: "rest.akismet.test", port: PORT}});
const comment = (name, content) => ({{user_ip: "192.0.2.7", permalink: POST,
  comment_type: "comment",
  comment_author: name, comment_content: content}});
const call = (c, name, ...args) => new Promise((done, failed) =>
  c[name](...args, (error, value) => error ? failed(error) : done(value)));
const us = client(KEY), thanks = promise => promise.then(() => "thanked", e => String(e));
const check = async (c, name, text) => await call(c, "checkComment", comment(name, text))
  ? "spam" : "ham";
(async () => {{
  const told = {{version: version("akismet"), key: await call(us, "verifyKey")}};
  told.honest = await check(us, "Jane", HONEST);
  told.reported = await thanks(call(us, "submitSpam", comment("Joe", SPAM)));
  told.known = await check(us, "Jim", SPAM);
  told.taken_back = await thanks(call(us, "submitHam", comment("Joe", SPAM)));
  told.wrong_key = await call(client(WRONG), "verifyKey") ? "taken" : "refused";
  console.log(JSON.stringify(told));
}})();
"""

CLIENTS = (
    Client("PyPI `akismet`", "python", PYTHON, EXPECTED),
    Client("npm `@cedx/akismet`", "module", CEDX, EXPECTED),
    Client("npm `akismet-api`", "node", API, EXPECTED),
    Client("npm `akismet` (Waline's)", "node", PLAIN, EXPECTED),
)
