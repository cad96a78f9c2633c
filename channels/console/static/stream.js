// Listens to the server and says when the line is down: a page that looks current must be current.

import { post, signedOut } from "./server.js";

const AGAIN_MS = 3000;
const TOGETHER_MS = 150;
const NEWS_OF_LOSS_MS = 5000;

export function startStream({ onChange, onRing }) {
  let pending = 0;
  let down = 0;

  const change = () => {
    if (pending) return;
    pending = setTimeout(async () => {
      pending = 0;
      await onChange().then(isUp, isDown);
    }, TOGETHER_MS);
  };
  const isUp = () => {
    clearTimeout(down);
    down = 0;
    show("");
  };
  const isDown = () => {
    down ||= setTimeout(() => show("Not connected. This page may be out of date, and pages do not ring here. Trying again."), NEWS_OF_LOSS_MS);
  };
  const listen = () => {
    const source = new EventSource(`/console/events?case=${document.body.dataset.case ?? ""}`);
    source.addEventListener("open", change);
    source.addEventListener("change", change);
    source.addEventListener("signed-out", signedOut);
    source.addEventListener("ring", (event) => {
      const page = JSON.parse(event.data);
      onRing(page);
      post("/console/rang", { key: page.key });
      change();
    });
    source.onerror = () => {
      isDown();
      if (source.readyState !== EventSource.CLOSED) return;
      source.close();
      setTimeout(listen, AGAIN_MS);
      change();
    };
  };
  listen();
}

function show(text) {
  const line = document.getElementById("offline");
  if (line.textContent !== text) line.textContent = text;
  line.hidden = !text;
}
