// Shows times as the reader's own, and lets the waiting times count on by the server's clock.

const STEP_MS = 10000;
let ahead = 0;

export function startTimes() {
  tick();
  setInterval(tick, STEP_MS);
}

export function tick() {
  ahead = skew();
  for (const time of document.querySelectorAll("time[data-since]")) {
    set(time, inWords(Date.now() / 1000 + ahead - Number(time.dataset.since)));
  }
  for (const time of document.querySelectorAll("time[data-due]")) {
    const left = Number(time.dataset.due) - Date.now() / 1000 - ahead;
    time.parentElement.classList.toggle("late", left < 0);
    set(time, left < 0 ? `late by ${inWords(-left)}` : `due in ${inWords(left)}`);
  }
  for (const time of document.querySelectorAll("time:not([data-since], [data-due])")) set(time, ownTime(new Date(time.dateTime)));
}

// The same words as `wait_in_words` on the server.
export function inWords(seconds) {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  if (minutes < 1) return "under 1 min";
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, "0")} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

let known = "";
function skew() {
  if (document.body.dataset.now === known) return ahead;
  known = document.body.dataset.now;
  return Number(known) - Date.now() / 1000;
}

function ownTime(at) {
  const clock = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const today = at.toDateString() === new Date().toDateString();
  return today ? clock : `${at.toLocaleDateString([], { day: "numeric", month: "short" })} ${clock}`;
}

function set(time, text) {
  if (time.textContent !== text) time.textContent = text;
}
