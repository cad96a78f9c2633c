// Brings the page up to date: fetches it again and replaces the parts that differ. What a person is writing, has
// opened, has the focus on, or got back because it could not be done, stays as it is.

import { page } from "./server.js";

const served = new Map();

export function startPage() {
  for (const part of live(document)) if (!isReturned(part)) served.set(part.id, part.innerHTML);
  document.addEventListener("submit", onSubmit);
  const log = document.getElementById("log");
  if (log && !location.hash) log.scrollTop = log.scrollHeight;
  goOn();
  if (location.search) history.replaceState(null, "", location.pathname + location.hash);
}

// After an act the focus stands where the work goes on: at what is wrong, in a chat at the next message, else at what
// was done, which a screen reader then says.
function goOn() {
  const chats = ["join", "write"].includes(new URLSearchParams(location.search).get("done"));
  const places = ["#problem", chats && "#write-text", "[data-told]"].filter(Boolean);
  places.map((place) => document.querySelector(place)).find(Boolean)?.focus();
}

export async function refresh() {
  const fresh = await page();
  document.title = fresh.title;
  document.body.dataset.now = fresh.body.dataset.now;
  const news = new Map(live(fresh).map((part) => [part.id, part]));
  if (shapes(document) !== shapes(fresh)) adopt(fresh);
  for (const part of live(document)) {
    const other = news.get(part.id);
    if (!other) continue;
    const before = served.get(part.id);
    if (before === undefined && isReturned(part)) served.set(part.id, other.innerHTML);
    else if (other.innerHTML !== before) update(part, other);
  }
}

const live = (root) => [...root.querySelectorAll("[data-live]")];
const shapes = (root) => live(root).map((part) => part.id).join();

// A part has appeared or gone (the first decision, the box to write in): put it where the server has it.
function adopt(fresh) {
  for (const part of live(document)) {
    if (fresh.getElementById(part.id)) continue;
    if (isWritten(part)) tellChanged(fresh);
    else part.remove();
  }
  for (const part of live(fresh)) {
    if (document.getElementById(part.id)) continue;
    const before = part.previousElementSibling?.id;
    const added = document.importNode(part, true);
    if (before && document.getElementById(before)) document.getElementById(before).after(added);
    else document.getElementById(part.parentElement.id)?.append(added);
    served.set(part.id, part.innerHTML);
  }
}

function update(part, other) {
  if (isWritten(part)) return "always" in part.dataset ? undefined : tellChanged(other.ownerDocument);
  if ("append" in part.dataset) append(part, other);
  else replace(part, other);
  served.set(part.id, other.innerHTML);
}

// A log only grows; adding lines lets a screen reader say the new ones alone.
function append(part, other) {
  const log = part.parentElement;
  const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 40;
  for (const line of [...other.children].slice(part.children.length)) part.append(document.importNode(line, true));
  if (atEnd) log.scrollTop = log.scrollHeight;
}

function replace(part, other) {
  const open = [...part.querySelectorAll("details[open][id]")].map((each) => each.id);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.className = other.className;
  Object.assign(part.dataset, other.dataset);
  part.replaceChildren(...document.importNode(other, true).childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) (document.getElementById(focused) ?? document.getElementById("main")).focus();
}

// A form came back with what was written in it, which differs from the page as it is served otherwise.
const isReturned = (part) => part.querySelector("form[data-returned]") !== null;

function isWritten(part) {
  if (isReturned(part)) return true;
  const fields = [...part.querySelectorAll("textarea:not([readonly]), select, input[type=radio]")];
  return fields.some((field) => {
    if (field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return ![...field.options].every((o) => o.selected === o.defaultSelected || !o.value);
    return field.value !== field.defaultValue || field === document.activeElement;
  });
}

function tellChanged(fresh) {
  const told = document.getElementById("changed");
  const change = fresh.getElementById("held")?.textContent ?? "The case has changed since you began to write.";
  told.textContent = `${change} The parts above and beside are up to date; your text is kept.`;
  told.hidden = false;
}

// One click sends one form.
function onSubmit(event) {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
}
