// Makes a page heard and seen: a siren by WebAudio and the browser's notification. Neither carries patient text.

const EVERY_MS = 15000;
const WITHOUT_END_MS = 2000;
const SOUND = "previsit-sound";
const NOTIFY = "previsit-notify";

let audio = null;
let repeating = 0;
let pace = Infinity;

const wanted = (name) => localStorage.getItem(name) === "on";
const heard = () => wanted(SOUND) && audio?.state === "running";
const notifies = () => wanted(NOTIFY) && window.Notification?.permission === "granted";

export function startAlerts() {
  document.getElementById("alerts").hidden = false;
  document.getElementById("sound").addEventListener("click", () => setSound(!heard()));
  document.getElementById("sound-hint-button")?.addEventListener("click", () => setSound(true));
  const notify = document.getElementById("notify");
  if (!window.Notification) notify.hidden = true;
  notify.addEventListener("click", toggleNotifications);
  show();
}

// A browser lets a page sound only after somebody has touched it; until then we say that it is off.
export function rememberSound() {
  if (!wanted(SOUND)) return;
  startAudio();
  const resume = () => audio.resume().then(show);
  for (const touch of ["pointerdown", "keydown"]) document.addEventListener(touch, resume, { once: true });
}

export function ring(page) {
  siren();
  if (page.siren) ringWhile(true, WITHOUT_END_MS);
  if (!notifies()) return;
  const title = `${page.level}: case ${page.code}`;
  const shown = new Notification(title, { body: "Open the nurse console.", tag: page.page, requireInteraction: true });
  shown.onclick = () => window.focus();
}

// A case that is new to the queue is told by one soft tone; a page by the siren.
export function chime() {
  siren(1, 0.08);
}

// The last resort rings without a pause, until no page is open any more.
export function ringWhile(open, every = EVERY_MS) {
  if (!open || every < pace) {
    clearInterval(repeating);
    repeating = 0;
    pace = Infinity;
  }
  if (open && !repeating) {
    repeating = setInterval(siren, every);
    pace = every;
  }
}

function startAudio() {
  audio ??= new AudioContext();
  audio.onstatechange = show;
}

async function setSound(on) {
  localStorage.setItem(SOUND, on ? "on" : "off");
  if (on) {
    startAudio();
    await audio.resume();
    siren(1);
  }
  show();
}

async function toggleNotifications() {
  const on = !notifies();
  if (on && Notification.permission !== "granted") await Notification.requestPermission();
  localStorage.setItem(NOTIFY, on && Notification.permission === "granted" ? "on" : "off");
  show();
}

// Two tones, up and down; `times` pairs of them.
function siren(times = 4, volume = 0.25) {
  if (!heard()) return;
  const tone = audio.createOscillator();
  const loudness = audio.createGain();
  const start = audio.currentTime;
  for (let pair = 0; pair < times; pair += 1) {
    tone.frequency.setValueAtTime(880, start + pair * 0.5);
    tone.frequency.setValueAtTime(660, start + pair * 0.5 + 0.25);
  }
  loudness.gain.value = volume;
  tone.connect(loudness).connect(audio.destination);
  tone.start(start);
  tone.stop(start + times * 0.5);
}

function show() {
  toggle("sound", "Sound", heard());
  toggle("notify", "Notifications", notifies());
  const hint = document.getElementById("sound-hint");
  if (hint) hint.hidden = heard();
}

function toggle(id, name, on) {
  const button = document.getElementById(id);
  button.textContent = `${name}: ${on ? "on" : "off"}`;
  button.setAttribute("aria-pressed", String(on));
}
