// The desk answers a key at once: the line goes, the next one is shown, and what was decided is sent behind
// it, one after the other. Whatever is not sent yet is kept until it is. Without this file every page works
// by links and forms.

const desk = document.querySelector(".split[data-pulse]");

// ---- Times, in the reader's zone ----

const lang = document.documentElement.lang;
const spoken = navigator.languages.find((one) => one.split("-")[0] === lang) ?? lang;
const exact = new Intl.DateTimeFormat(spoken, { dateStyle: "medium", timeStyle: "short" });
const exactWithZone = new Intl.DateTimeFormat(spoken, { dateStyle: "full", timeStyle: "long" });

const showTimes = (root) => {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (time.classList.contains("at")) time.textContent = exact.format(at);
    time.title = exactWithZone.format(at);
  }
};

const make = (name, className, ...inside) => {
  const made = document.createElement(name);
  made.className = className;
  made.append(...inside);
  return made;
};
const parsed = (html) => document.createRange().createContextualFragment(html);

// After the next frame was drawn, so that nothing stands between a key and its answer.
const later = (action) => {
  let isDone = false;
  const once = () => {
    if (!isDone) action();
    isDone = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 100); // a tab that nobody sees has no frames
};

// ---- What is decided, on its way ----

const PENDING = "moderator-pending", SETTLED = "moderator-settled";
const LATELY = 3_000; // ms in which a page may not know yet
const SOON = 1_000, LATE = 30_000; // ms between two tries

// `told` hears what became of each: done, missed, failed, waits, ended, old.
class Outbox {
  constructor(me, token, told) {
    Object.assign(this, { me, token, told, waiting: [], isBusy: false, pause: SOON });
  }

  add(...operations) {
    this.waiting.push(...operations);
    this.keep();
    later(() => this.run());
  }

  // Whether it could be taken back before it was sent.
  drop(operation) {
    const place = this.waiting.indexOf(operation);
    if (place < (this.isBusy ? 1 : 0)) return false;
    this.waiting.splice(place, 1);
    this.keep();
    return true;
  }

  keep() {
    const kept = this.waiting.map((one) => ({ id: one.id, action: one.action, fields: one.fields(), verdict: one.verdict }));
    if (kept.length) sessionStorage.setItem(PENDING, JSON.stringify({ me: this.me, kept }));
    else sessionStorage.removeItem(PENDING);
  }

  // What an earlier page could not send; of another person's nothing is sent.
  kept() {
    const { me, kept } = JSON.parse(sessionStorage.getItem(PENDING) ?? "{}");
    if (me !== this.me) sessionStorage.removeItem(PENDING);
    return me === this.me ? kept.map((one) => ({ ...one, fields: () => one.fields })) : [];
  }

  // A page that was asked for a moment ago may still list what is settled now.
  settle({ id, of }) {
    const settled = this.settled();
    for (const one of id.split(",")) {
      if (of) delete settled[one];
      else settled[one] = Date.now();
    }
    sessionStorage.setItem(SETTLED, JSON.stringify(settled));
  }

  settled() {
    const all = Object.entries(JSON.parse(sessionStorage.getItem(SETTLED) ?? "{}"));
    return Object.fromEntries(all.filter(([, at]) => Date.now() - at < LATELY));
  }

  async run() {
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.waiting.length && (await this.send(this.waiting[0]))) {
      this.waiting.shift();
      this.keep();
    }
    this.isBusy = false;
  }

  post({ action, fields }) {
    const body = new URLSearchParams(fields());
    body.set("csrf", this.token);
    return fetch(action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
  }

  // Whether it is settled; else it waits, and what comes after it.
  async send(operation) {
    if (operation.of && !operation.of.undo) return true; // what it would take back was not taken
    let answer;
    try {
      answer = await this.post(operation);
    } catch {
      return this.retry();
    }
    if (answer.status === 429 || answer.status >= 502) return this.retry(answer.headers.get("Retry-After"));
    if (answer.status === 403) return this.told.old();
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 401) return this.told.ended(said.login);
    this.pause = SOON;
    if (answer.ok) {
      this.settle(operation);
      this.told.done(operation, said);
    }
    else if (answer.status === 409) this.told.missed(operation, said);
    else this.told.failed(operation);
    return true;
  }

  async retry(seconds) {
    this.told.waits(this.waiting.length);
    await new Promise((go) => setTimeout(go, Number(seconds) * 1_000 || this.pause));
    this.pause = Math.min(2 * this.pause, LATE);
    return this.waiting.length ? this.send(this.waiting[0]) : false;
  }

  // The page goes: what waits behind the one that is under way is sent as well.
  leave() {
    for (const operation of this.waiting.slice(this.isBusy ? 1 : 0)) this.post(operation).catch(() => {});
  }
}

// ---- The desk ----

const STATUS = { approve: "approved", spam: "spam", discard: "trash", hold: "hold" };
const AHEAD = 5, FEW = 8, KEPT = 60; // panes that are asked for, lines that ask for more, panes that are kept
const CHATTER = 50; // ms in which one key pressed twice is a bouncing key
const BRIEFLY = 6_000; // ms in which what asks for nothing is shown
const EVERY = 4_000, ASLEEP = 30 * 60_000; // ms between two looks at what is new; without a hand on the desk

const begin = () => {
  const { shelf: tab, before, me } = desk.dataset;
  const finding = [...new URLSearchParams(desk.dataset.find)];
  const words = JSON.parse(desk.dataset.words);
  const banner = document.querySelector(".banner");
  const pane = desk.querySelector(".pane") ?? make("article", "pane");
  const list = desk.querySelector(".lines");
  const isWide = matchMedia("(min-width: 60rem)");
  const isPaneShown = () => isWide.matches || document.body.classList.contains("one");
  const linkOf = (line) => line.querySelector("a");
  const lineOf = (id) => list?.querySelector(`[data-id="${CSS.escape(id)}"]`);
  const panes = new Map();
  const decided = []; // batches of operations, the last one last: what z takes back
  let current = list?.querySelector("a[aria-current]")?.closest("li") ?? null;
  let touched = Date.now();

  // -- What is told --

  const tell = (...what) => banner.replaceChildren(...what);
  const tellNote = (html) => tell(make("p", "", parsed(html)));
  const tellWay = (text, way, href) => {
    const link = make("a", "button", way);
    link.href = href;
    tell(make("p", "", text), link);
    return false;
  };
  const tellDecided = (batch) => {
    const { verdict, name } = batch[0];
    const number = batch.flatMap(each).length;
    const badge = make("span", `badge ${STATUS[verdict]}`, words[verdict]);
    const what = number > 1 ? `× ${number}` : make("bdi", "", name ?? "");
    const button = make("button", "undo", words.undo, make("kbd", "", "z"));
    button.type = "button";
    button.hidden = !batch.some((one) => one.undo);
    button.addEventListener("click", takeBack);
    tell(make("p", "", badge, " ", what), button);
    batch.button = button;
  };
  const tellCounts = (counts) => {
    for (const [name, number] of Object.entries(counts ?? {})) {
      const shown = document.querySelector(`[data-count="${CSS.escape(name)}"]`);
      if (shown && shown.textContent !== number) shown.textContent = number;
    }
  };

  const outbox = new Outbox(me, document.querySelector(".out [name=csrf]").value, {
    done(operation, said) {
      operation.undo = said.undo;
      if (operation.batch?.button && said.undo) operation.batch.button.hidden = false;
      if (outbox.waiting.length < 2) tellCounts(said.counts);
      for (const { line } of each(operation)) if (line) seenMore(line);
      if (said.left) banner.firstElementChild?.append(" ", parsed(said.left));
    },
    missed(operation, said) {
      forget(operation);
      if (said.is_here) putBack(operation);
      if (said.note) tellNote(said.note);
    },
    failed(operation) {
      forget(operation);
      putBack(operation);
      tell(make("p", "", words.failed));
    },
    waits: (number) => tell(make("p", "", words.waits.replace("{n}", number))),
    ended: (login) => tellWay(words.ended, words.login, login),
    old: () => tellWay(words.old, words.reload, location.href),
  });
  const forget = (operation) => {
    const batch = operation.batch;
    if (batch) batch.splice(batch.indexOf(operation), 1);
    if (batch && !batch.length) decided.splice(decided.indexOf(batch), 1);
  };

  // -- What is shown --

  const sheetOf = (html) => {
    const sheet = make("div", "sheet", parsed(html));
    showTimes(sheet);
    return sheet;
  };
  const fill = (sheet) => {
    pane.replaceChildren(sheet);
    pane.removeAttribute("aria-busy");
  };
  const heed = () => {
    const form = pane.querySelector(".actions");
    if (!form || !current || isOnItsWay(current.dataset.id)) return;
    const { seen, version } = Object.fromEntries(new FormData(form));
    if (seen) current.dataset.form = new URLSearchParams({ seen, version });
  };
  const fillFromLine = (line) => {
    const text = line.querySelector(".what")?.textContent ?? "";
    const who = line.querySelector(".who")?.textContent ?? "";
    pane.replaceChildren(make("h1", "", who), make("p", "quiet", words.loading), make("div", "text", text));
    pane.setAttribute("aria-busy", "true");
  };
  const focus = () => {
    const isListShown = isWide.matches || !document.body.classList.contains("one");
    const target = isListShown && current ? linkOf(current) : pane;
    target.focus({ preventScroll: true });
    if (isPaneShown() && scrollY > desk.offsetTop) scrollTo(0, desk.offsetTop);
    if (isListShown && current) current.scrollIntoView({ block: "nearest" });
  };
  const mark = (line) => {
    if (current) {
      linkOf(current).removeAttribute("aria-current");
      linkOf(current).tabIndex = -1;
    }
    current = line;
    if (!line) return;
    linkOf(line).setAttribute("aria-current", "true");
    linkOf(line).tabIndex = 0;
  };
  const show = (line) => {
    mark(line);
    if (!line) return showEmpty();
    if (isPaneShown()) {
      const sheet = panes.get(line.dataset.id);
      if (sheet) fill(sheet);
      else fillFromLine(line);
    }
    focus();
    later(() => {
      if (current !== line) return;
      if (isPaneShown()) history.replaceState(null, "", linkOf(line).href);
      heed();
      ask();
      more();
    });
  };
  const showEmpty = () => {
    if (list?.children.length) return show(list.children[0]);
    const link = make("a", "button", words.again);
    link.href = `${desk.dataset.queue}?${new URLSearchParams([["shelf", tab], ...finding])}`;
    const sum = decided.flat().flatMap(each).reduce((all, { line }) => all + Number(line?.dataset.members ?? 1), 0);
    pane.replaceChildren(make("h1", "", words.empty), make("p", "quiet", sum ? words.sum.replace("{n}", sum) : ""), link);
    document.body.classList.add("one");
    link.focus();
    more();
  };

  let asking = null;
  const ask = async () => {
    if (asking || !current || !isPaneShown()) return;
    const wanted = [];
    for (let line = current; line && wanted.length <= AHEAD; line = line.nextElementSibling) wanted.push(line.dataset.id);
    const missing = wanted.filter((id) => !panes.has(id) && !isOnItsWay(id));
    if (!wanted.slice(0, 3).some((id) => missing.includes(id))) return;
    const query = new URLSearchParams([...finding, ["shelf", tab], ["before", before], ...missing.map((id) => ["id", id])]);
    asking = fetch(`${desk.dataset.panes}?${query}`).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
    const found = await asking;
    asking = null;
    for (const [id, html] of Object.entries(found)) {
      const line = lineOf(id);
      if (html) panes.set(id, sheetOf(html));
      else if (line && line !== current) line.remove(); // decided, or looked at, by somebody else
    }
    for (const id of panes.keys()) if (panes.size > KEPT) panes.delete(id);
    const sheet = current && panes.get(current.dataset.id);
    if (sheet && pane.hasAttribute("aria-busy")) {
      fill(sheet);
      heed();
    }
    if (Object.keys(found).length) ask();
  };

  const isFarFromEnd = () => {
    let line = current ?? list?.firstElementChild;
    for (let ahead = 0; line && ahead < FEW; ahead += 1) line = line.nextElementSibling;
    return Boolean(line);
  };
  let isReading = false;
  const more = async () => {
    const older = desk.querySelector(".side .more a");
    if (isReading || !older || isFarFromEnd()) return;
    isReading = true;
    const place = new URL(older.href).searchParams.get("before");
    const query = new URLSearchParams([...finding, ["shelf", tab], ["before", place]]);
    const answer = await fetch(`${desk.dataset.lines}?${query}`).catch(() => null);
    isReading = false;
    if (!answer?.ok) return;
    const page = parsed(await answer.text());
    showTimes(page);
    for (const line of [...page.querySelectorAll("li")]) {
      if (!lineOf(line.dataset.id) && !isOnItsWay(line.dataset.id)) list.append(prepared(line));
    }
    const next = page.querySelector(".more");
    if (next) older.parentElement.replaceWith(next);
    else older.parentElement.remove();
    if (current) ask();
    else if (list.children.length) show(list.children[0]);
    more();
  };
  const isOnItsWay = (id) => outbox.waiting.some((one) => one.id.split(",").includes(id));

  // -- What is decided --

  const seenMore = (line) => {
    const fields = new URLSearchParams(line.dataset.form);
    if (fields.has("seen")) fields.set("seen", Number(fields.get("seen")) + 1);
    line.dataset.form = fields;
    panes.delete(line.dataset.id);
    if (line !== current || !isPaneShown()) return;
    pane.setAttribute("aria-busy", "true"); // what is shown stays until the new is here
    later(ask); // then it is on its way no more
  };
  const operationOf = (line, verdict, ahead) => ({
    id: line.dataset.id,
    action: line.dataset.decide,
    verdict,
    line,
    name: line.querySelector(".who")?.textContent,
    place: [...list.children].indexOf(line),
    fields: () => `${line.dataset.form}&verdict=${verdict}${ahead}`,
  });
  const isAllowed = (line, verdict) => {
    if (!line.dataset.decide) return false;
    if (line !== current || pane.hasAttribute("aria-busy")) return tab === "sample" || tab === "reported" || line.dataset.status !== STATUS[verdict];
    const button = pane.querySelector(`.actions [value="${verdict}"]`);
    return Boolean(button && !button.disabled);
  };
  const decide = (lines, verdict) => {
    const batch = lines.filter((line) => line && isAllowed(line, verdict)).map((line) => operationOf(line, verdict, line === current && pane.querySelector(".ahead :checked") ? "&ahead=7" : ""));
    if (!batch.length) return;
    let next = current;
    const gone = new Set(batch.map((one) => one.line));
    if (tab === "all") next = current.nextElementSibling ?? current;
    else {
      while (next && (gone.has(next) || "claimed" in next.dataset)) next = next.nextElementSibling;
      for (let line = current; !next && line; line = line.previousElementSibling) if (!gone.has(line)) next = line;
      if (gone.has(current)) mark(null);
    }
    for (const { line } of batch) {
      line.classList.remove("picked");
      if (line.querySelector(".pick")) line.querySelector(".pick").checked = false;
      if (tab === "all") restamp(line, verdict);
      else line.remove();
    }
    const sent = together(batch, verdict);
    for (const operation of sent) operation.batch = sent;
    decided.push(sent);
    tellDecided(sent);
    tellPicked();
    show(next);
    outbox.add(...sent);
  };
  // Several that stand for themselves are sent as one; each is a decision of its own there.
  const together = (batch, verdict) => {
    const some = batch.filter((one) => one.line.querySelector(".pick[name]"));
    if (some.length < 2) return batch;
    const item = ({ line }) => {
      const { seen, version } = Object.fromEntries(new URLSearchParams(line.dataset.form));
      return ["item", `${line.dataset.id}.${seen}.${version}`];
    };
    const fields = () => `${new URLSearchParams([["verdict", verdict], ...some.map(item)])}`;
    const one = { id: some.map(({ id }) => id).join(), action: desk.dataset.bulk, verdict, some, fields };
    return [one, ...batch.filter((other) => !some.includes(other))];
  };
  const each = (operation) => operation.some ?? [operation];
  const restamp = (line, verdict) => {
    line.dataset.status = STATUS[verdict];
    line.querySelector(".badge")?.replaceWith(make("span", `badge ${STATUS[verdict]}`, words[verdict]));
  };
  const putBack = (operation) => {
    for (const { line, place } of each(operation)) {
      if (line && !line.isConnected && list) list.insertBefore(line, list.children[place] ?? null);
    }
  };
  const takeBack = () => {
    const batch = decided.pop();
    if (!batch) return banner.querySelector("form button")?.click();
    for (const operation of batch) {
      putBack(operation);
      if (outbox.drop(operation)) continue;
      const fields = () => `token=${encodeURIComponent(operation.undo ?? "")}`;
      outbox.add({ ...operation, action: desk.dataset.undo, batch: null, of: operation, fields });
    }
    const said = make("p", "", words.undone);
    tell(said);
    setTimeout(() => said.remove(), BRIEFLY);
    show(each(batch[0])[0].line ?? current);
  };

  // -- What is selected --

  const picked = () => [...(list?.querySelectorAll(".picked") ?? [])];
  let lastPicked = null;
  const pick = (line, is = !line.classList.contains("picked")) => {
    line.classList.toggle("picked", is);
    const box = line.querySelector(".pick");
    if (box) box.checked = is;
    lastPicked = line;
    tellPicked();
  };
  const pickRange = () => {
    const all = [...list.children];
    const [from, to] = [all.indexOf(lastPicked?.isConnected ? lastPicked : current), all.indexOf(current)].sort((a, b) => a - b);
    for (const line of all.slice(from, to + 1)) pick(line, true);
  };
  const tellPicked = () => {
    const number = picked().length;
    document.body.classList.toggle("picking", number > 0);
    counter.textContent = number ? words.selected.replace("{n}", number) : "";
  };
  const counter = make("span", "picks");
  counter.setAttribute("role", "status");

  // A line as the keys need it: one stop for Tab, and a box to select it.
  const prepared = (line) => {
    for (const link of line.querySelectorAll("a")) link.tabIndex = -1;
    const box = line.querySelector(".pick") ?? make("input", "pick");
    Object.assign(box, { type: "checkbox", tabIndex: -1, ariaLabel: `${words.select}: ${line.querySelector(".who")?.textContent}` });
    box.addEventListener("change", () => pick(line, box.checked));
    if (!box.isConnected) line.prepend(box);
    return line;
  };

  // -- Keys: one line each --

  const step = (by) => {
    const next = by > 0 ? current?.nextElementSibling : current?.previousElementSibling;
    if (next) show(next);
    else if (!current && list) show(list.children[0]);
  };
  const open = () => (isPaneShown() ? pane.focus() : linkOf(current)?.click());
  const close = () => (isWide.matches || !document.body.classList.contains("one") ? focus() : document.querySelector(".tabs [aria-current]")?.click());
  const putOff = () => {
    const next = current?.nextElementSibling;
    if (!next) return;
    list.append(current);
    show(next);
  };
  const why = () => pane.querySelector("#why")?.focus();
  const elsewhere = (what) => pane.querySelector(`[data-open=${what}]`)?.click();
  const go = (key) => document.querySelector(`[data-go="${CSS.escape(key)}"]`)?.click();

  const KEYS = {
    j: () => step(1),
    k: () => step(-1),
    Enter: open,
    Escape: close,
    a: () => decide([current], "approve"),
    s: () => decide([current], "spam"),
    d: () => decide([current], "discard"),
    z: takeBack,
    h: putOff,
    i: () => elsewhere("members"),
    w: why,
    o: () => elsewhere("source"),
    p: () => elsewhere("post"),
    t: () => elsewhere("trust"),
    b: () => elsewhere("block"),
    x: () => current && pick(current),
    X: pickRange,
    A: () => decide(picked(), "approve"),
    S: () => decide(picked(), "spam"),
    D: () => decide(picked(), "discard"),
    g: () => (isGoing = true),
    "/": () => document.querySelector("#q")?.focus(),
    "?": () => go("h"),
  };
  const WHILE_HELD = new Set(["j", "k"]);
  desk.desk = { keys: KEYS, pane, line: () => current, tell: tellNote }; // beside.js has more keys

  const STORED = "moderator-keys";
  const isOn = () => localStorage.getItem(STORED) !== "off";
  let isGoing = false;
  let last = { key: "", at: 0 };
  const isChatter = ({ key, timeStamp }) => {
    const found = key === last.key && timeStamp - last.at < CHATTER;
    last = { key, at: timeStamp };
    return found && !WHILE_HELD.has(key);
  };

  desk.addEventListener("keydown", (event) => {
    const { key, target } = event;
    touched = Date.now();
    if (event.ctrlKey || event.metaKey || event.altKey || !isOn()) return;
    if (target.id === "q" && key === "Escape") return focus();
    if (target.closest("input:not(.pick), textarea, select, [contenteditable]")) return;
    if (isGoing) {
      isGoing = false;
      event.preventDefault();
      return go(key);
    }
    const action = Object.hasOwn(KEYS, key) && KEYS[key];
    if (!action || (event.repeat && !WHILE_HELD.has(key)) || isChatter(event)) return;
    if (key === "Enter" && !target.matches(".lines a[aria-current]")) return;
    if (key === "Enter" && !isPaneShown()) return;
    event.preventDefault();
    action();
  });

  // -- Hands --

  desk.addEventListener("click", (event) => {
    touched = Date.now();
    const link = event.target.closest(".lines a");
    const line = link?.closest("li");
    if (!line || link !== linkOf(line) || !isWide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(line);
  });
  desk.addEventListener("submit", (event) => {
    if (event.target.id === "bulk" && picked().length) {
      event.preventDefault();
      return decide(picked(), event.submitter.value);
    }
    const form = event.target.closest(".actions");
    if (!form || !current || !form.action.endsWith(current.dataset.decide)) return;
    event.preventDefault();
    decide([current], event.submitter.value);
  });

  const toggle = make("button", "keys");
  toggle.type = "button";
  const label = () => {
    toggle.textContent = isOn() ? words.on : words.off;
    toggle.setAttribute("aria-pressed", String(isOn()));
    document.body.classList.toggle("with-keys", isOn());
  };
  toggle.addEventListener("click", () => {
    localStorage.setItem(STORED, isOn() ? "off" : "on");
    label();
  });
  label();
  document.querySelector(".tabs").append(counter, toggle);

  // -- What is new --

  const fresh = document.querySelector(".fresh");
  let tag = "";
  const beat = async () => {
    if (document.hidden || Date.now() - touched > ASLEEP || outbox.waiting.length) return;
    const query = new URLSearchParams({ after: desk.dataset.after });
    const answer = await fetch(`${desk.dataset.pulse}?${query}`, { headers: { "If-None-Match": tag, Accept: "application/json" }, cache: "no-store" }).catch(() => null);
    if (answer?.status === 401) return clearInterval(beating);
    if (!answer?.ok || outbox.waiting.length) return;
    tag = answer.headers.get("ETag") ?? "";
    const { counts, arrived } = await answer.json();
    tellCounts(counts);
    fresh.hidden = !arrived || tab !== "held";
    fresh.textContent = words.fresh.replace("{n}", arrived);
  };
  const beating = setInterval(beat, EVERY);
  addEventListener("visibilitychange", beat);
  addEventListener("pagehide", () => outbox.leave());
  addEventListener("pageshow", (event) => event.persisted && location.reload());

  // -- Begin --

  for (const line of list?.children ?? []) prepared(line);
  if (list && !pane.isConnected) desk.append(pane);
  if (current) {
    const sheet = make("div", "sheet", ...pane.childNodes);
    pane.append(sheet);
    panes.set(current.dataset.id, sheet);
  }
  const kept = outbox.kept();
  if (tab === "held") for (const id of [...kept.flatMap((one) => one.id.split(",")), ...Object.keys(outbox.settled())]) lineOf(id)?.remove();
  if (kept.length) outbox.add(...kept);
  if (current && !current.isConnected) show(list.children[0] ?? null);
  else if (current) mark(current);
  if (current && document.activeElement === document.body) focus();
  setTimeout(ask, 300);
};

showTimes(document);
if (desk) begin();
