// Helps with what a person writes: puts ready-made texts into a field, counts how long they looked at the case, and
// keeps the case theirs while they are at work on it.

import { post } from "./server.js";

const RENEW_MS = 60000;

let looked = 0;
let since = document.hidden ? 0 : Date.now();
let touched = Date.now();

export function startWriting() {
  showInserts();
  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit, { capture: true });
  document.addEventListener("visibilitychange", onVisibility);
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, () => (touched = Date.now()), { passive: true });
  setInterval(renew, RENEW_MS);
}

// The parts that the server sends are without script's help until somebody has it.
export function showInserts() {
  for (const button of document.querySelectorAll("[data-insert], [data-print]")) button.hidden = false;
}

function onClick(event) {
  if (event.target.closest?.("[data-print]")) return window.print();
  const button = event.target.closest?.("[data-insert]");
  const field = button && document.getElementById(button.dataset.insert);
  if (!field) return;
  const text = button.parentElement.querySelector(".text").textContent;
  field.value = field.value.trim() && field.value !== field.defaultValue ? `${field.value.trimEnd()}\n${text}` : text;
  field.focus();
}

function onVisibility() {
  if (document.hidden) {
    looked += since ? Date.now() - since : 0;
    since = 0;
  } else since = Date.now();
}

function onSubmit(event) {
  if (!document.body.dataset.case || event.target.method !== "post") return;
  const seconds = Math.round((looked + (since ? Date.now() - since : 0)) / 1000);
  let field = event.target.elements.namedItem("spent");
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "spent" });
    event.target.append(field);
  }
  field.value = String(seconds);
}

// Only a person at work keeps a case; a page left open lets it run out.
function renew() {
  const form = document.getElementById("do-let_go");
  if (!form || document.hidden || Date.now() - touched > RENEW_MS * 2) return;
  const until = Number(document.getElementById("case-head").dataset.until) * 1000;
  if (until - Date.now() > RENEW_MS * 8) return;
  const version = form.elements.namedItem("version").value;
  post(`/console/cases/${document.body.dataset.case}/take`, { version }).catch(() => {});
}
