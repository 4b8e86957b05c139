// What stands beside the decisions: notes, claiming a line, and whether keys are on. The desk itself is desk.js.

const { keys, tell, line, pane } = document.querySelector(".split[data-pulse]")?.desk ?? {};
const token = () => document.querySelector(".out [name=csrf]").value;

const post = async (action, fields) => {
  const body = new URLSearchParams({ ...fields, csrf: token() });
  const answer = await fetch(action, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  const said = await answer?.json().catch(() => ({}));
  if (said?.login) return void (location = said.login);
  return answer?.ok ? said : null;
};

// A note is kept without leaving the item; without this it leads back to it. Where the session has ended, its words
// wait in this tab until one writes again.
const DRAFT = "moderator-note";
const keep = async (form) => {
  sessionStorage.setItem(DRAFT, form.words.value);
  const said = await post(form.action, { words: form.words.value });
  if (said === null) return form.submit();
  if (!said) return; // to log in
  sessionStorage.removeItem(DRAFT);
  const place = form.closest(".columns").querySelector(".notes");
  const made = document.createRange().createContextualFragment(said.notes);
  for (const time of made.querySelectorAll("time")) time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang);
  place.replaceWith(made);
  form.reset();
  form.closest("details").open = false;
  form.closest("article").focus();
};

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".jotting")) return;
  event.preventDefault();
  keep(event.target);
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches(".jotting textarea")) return;
  if (event.key === "Escape") pane?.focus();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form.requestSubmit();
});

const jot = () => {
  const form = pane.querySelector(".jotting");
  if (!form) return;
  form.closest("details").open = true;
  form.words.value ||= sessionStorage.getItem(DRAFT) ?? "";
  form.words.focus();
};

const claim = async () => {
  if (!line()) return;
  const said = await post(`/submissions/${line().dataset.id}/claim`, {});
  if (said) tell(said.note);
};

if (keys) Object.assign(keys, { n: jot, c: claim });

// What is new is told in the title too, for who looks at another window.
const fresh = document.querySelector(".fresh");
const { title } = document;
const retitle = () => (document.title = fresh.hidden ? title : `(${fresh.textContent}) ${title}`);
if (fresh) new MutationObserver(retitle).observe(fresh, { attributes: true, childList: true });

// On the page of the account.
const STORED = "moderator-keys";
const toggle = document.querySelector("[data-keys]");
if (toggle) {
  const label = () => {
    const is = localStorage.getItem(STORED) !== "off";
    toggle.textContent = is ? toggle.dataset.on : toggle.dataset.off;
    toggle.setAttribute("aria-pressed", String(is));
  };
  toggle.addEventListener("click", () => {
    localStorage.setItem(STORED, localStorage.getItem(STORED) === "off" ? "on" : "off");
    label();
  });
  toggle.hidden = false;
  label();
}
