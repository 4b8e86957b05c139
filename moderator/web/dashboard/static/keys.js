// Keys for the queue; every one of them does what a link or a button on the page does.
// They rest while focus is in a field, and can be switched off (WCAG 2.1.4).
const STORED = "moderator-keys";
const isOn = () => localStorage.getItem(STORED) !== "off";
const current = document.querySelector(".lines a[aria-current]");
const item = current?.closest("li");
const links = [...document.querySelectorAll(".lines a")];

const go = (step) => {
  const place = links.indexOf(current);
  links[Math.min(Math.max(place + step, 0), links.length - 1)]?.click();
};

const actions = {
  j: () => go(1),
  k: () => go(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !isOn()) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const button = document.querySelector(`.actions button[data-key="${CSS.escape(event.key)}"]`);
  if (button && !button.disabled) button.click();
  else actions[event.key]?.();
});

const form = document.querySelector(".actions");
if (form) {
  const toggle = document.createElement("button");
  toggle.type = "button";
  toggle.className = "keys";
  const label = () => {
    toggle.textContent = isOn() ? "Keys are on" : "Keys are off";
    toggle.setAttribute("aria-pressed", String(isOn()));
    document.body.classList.toggle("with-keys", isOn());
  };
  toggle.addEventListener("click", () => {
    localStorage.setItem(STORED, isOn() ? "off" : "on");
    label();
  });
  toggle.title = "j, k: next, previous · a, s, d: approve, spam, trash";
  label();
  form.append(toggle);
}

item?.scrollIntoView({ block: "nearest" });
