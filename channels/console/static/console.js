// Joins the parts of the console's script. Every page works without it; with it, pages keep themselves up to date.

import { chime, rememberSound, ring, ringWhile, startAlerts } from "./alerts.js";
import { startIdle } from "./idle.js";
import { startKeys } from "./keys.js";
import { refresh, startPage } from "./page.js";
import { startStream } from "./stream.js";
import { startTimes, tick } from "./times.js";
import { showInserts, startWriting } from "./writing.js";

const anyPage = () => document.querySelector("#pages li, #acknowledge") !== null;

const newest = () => Number(document.getElementById("queue")?.dataset.newest ?? 0);

async function update() {
  const before = newest();
  await refresh();
  if (before && newest() > before && !anyPage()) chime();
  tick();
  showInserts();
  ringWhile(anyPage());
}

startPage();
startTimes();
startAlerts();
startKeys();
startIdle();
startWriting();
startStream({ onChange: update, onRing: ring });
rememberSound();
ringWhile(anyPage());
