// Warns before the session ends for want of activity, and keeps it open while somebody is at work on the page.

import { post } from "./server.js";

const TOLD_EVERY_MS = 60000;
const LAST = "previsit-awake";

export function startIdle() {
  const { idle, warn } = document.body.dataset;
  const dialog = document.getElementById("idle");
  const warnAfterMs = (Number(idle) - Number(warn)) * 1000;
  let told = Date.now();
  let timer = 0;

  // Every tab of this browser counts: what keeps one awake keeps all.
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dialog.open || dialog.showModal(), warnAfterMs);
  };
  const stay = () => {
    told = Date.now();
    localStorage.setItem(LAST, String(told));
    wait();
    post("/console/awake").catch(() => {});
  };
  const active = () => {
    if (!dialog.open && Date.now() - told > TOLD_EVERY_MS) stay();
  };
  dialog.addEventListener("close", stay);
  for (const touch of ["pointerdown", "keydown", "scroll"]) document.addEventListener(touch, active, { passive: true });
  addEventListener("storage", (event) => {
    if (event.key === LAST && !dialog.open) wait();
  });
  localStorage.setItem(LAST, String(told));
  wait();
}
