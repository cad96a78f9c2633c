// Joins the parts of the console's script. Every page works without it; with it, pages keep themselves up to date.

import { rememberSound, ring, ringWhile, startAlerts } from "./alerts.js";
import { startIdle } from "./idle.js";
import { startKeys } from "./keys.js";
import { refresh, startPage } from "./page.js";
import { startStream } from "./stream.js";
import { startTimes, tick } from "./times.js";
import { showInserts, startWriting } from "./writing.js";

const anyPage = () => document.querySelector("#pages li, #acknowledge") !== null;

async function update() {
  await refresh();
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
