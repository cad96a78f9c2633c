// The keyboard's short cuts. They can be switched off, for speech input and screen readers use letters too.

const ON = "previsit-keys";
const usable = () => localStorage.getItem(ON) !== "off";

export function startKeys() {
  const help = document.getElementById("help");
  const tick = document.getElementById("keys-on");
  tick.checked = usable();
  tick.addEventListener("change", () => localStorage.setItem(ON, tick.checked ? "on" : "off"));
  document.getElementById("help-button").addEventListener("click", () => help.showModal());
  document.addEventListener("keydown", onKey);
}

const ACTIONS = {
  j: () => move(1),
  k: () => move(-1),
  a: acknowledge,
  d: decide,
  q: () => document.getElementById("home").click(),
  "?": () => document.getElementById("help").showModal(),
};

function onKey(event) {
  if (!usable() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest("input, textarea, select, dialog[open]")) return;
  const action = ACTIONS[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function move(by) {
  const cases = [...document.querySelectorAll("a.open")];
  const here = cases.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : cases.length - 1) : Math.min(Math.max(here + by, 0), cases.length - 1);
  cases[next]?.focus();
}

// To what the person writes to the patient, or to the first thing that can be decided.
function decide() {
  const place = document.querySelector("#write-text, #release-text") ?? document.querySelector("#decide summary, #decide button");
  place?.focus();
  place?.scrollIntoView({ block: "center" });
}

// Acknowledging is a promise: only for the case that is chosen, or the one that is open.
function acknowledge() {
  const chosen = document.activeElement.dataset?.acknowledge;
  document.getElementById(chosen ?? "acknowledge")?.click();
}
