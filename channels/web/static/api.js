// The patient API over fetch. Knows nothing about the page. The token travels in a header, never in an address.

import { page } from "./page.js";

const BASE = "/api/v1/conversations";
const TIMEOUT_MS = 20_000;
const RECONNECT_MS = [500, 1000, 2000, 5000, 10_000, 20_000];

/** A request that failed. `said` is a sentence for the patient, empty when there was no answer at all. */
export class Failure extends Error {
  constructor(status, said) {
    super(`status ${status}`);
    this.said = said;
    this.gone = status === 404 || status === 401;
  }
}

async function ask(method, path, { token, body } = {}) {
  const headers = { "Accept-Language": page.language };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(BASE + path, { method, headers, body: body && JSON.stringify(body), signal });
    if (response.ok) return response.status === 204 ? null : await response.json();
  } catch {
    throw new Failure(0, "");
  }
  const problem = await response.json().catch(() => ({}));
  throw new Failure(response.status, problem.detail ?? "");
}

export const start = () => ask("POST", "");
export const resume = ({ id, token }) => ask("GET", `/${id}`, { token });
export const send = ({ id, token }, message) => ask("POST", `/${id}/messages`, { token, body: message });
export const withdraw = ({ id, token }) => ask("DELETE", `/${id}`, { token });

/** Everything that is new, as it comes, for as long as the page lives; connects again by itself. */
export class Updates {
  constructor(session, since, { onView, onGone }) {
    this.session = session;
    this.since = since;
    this.onView = onView;
    this.onGone = onGone;
    this.failures = 0;
    this.stop = new AbortController();
    addEventListener("online", () => this.wake?.(), { signal: this.stop.signal });
    this.run();
  }

  close() {
    this.stop.abort();
    this.wake?.();
  }

  async run() {
    while (!this.stop.signal.aborted) {
      await this.connect().catch(() => {});
      if (this.stop.signal.aborted) return;
      const pause = RECONNECT_MS[Math.min(this.failures++, RECONNECT_MS.length - 1)];
      await new Promise((resolve) => {
        this.wake = resolve;
        setTimeout(resolve, pause * (0.75 + Math.random() / 2));
      });
    }
  }

  async connect() {
    const { id, token } = this.session;
    const headers = { Authorization: `Bearer ${token}`, "Last-Event-ID": String(this.since) };
    const response = await fetch(`${BASE}/${id}/events`, { headers, signal: this.stop.signal });
    if (response.status === 404 || response.status === 401) return this.gone();
    if (!response.ok) return;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.failures = 0;
      const events = (rest + value).split("\n\n");
      rest = events.pop();
      events.forEach((event) => this.take(event));
    }
  }

  take(event) {
    const fields = {};
    for (const line of event.split("\n")) {
      const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
      if (name) fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
    }
    if (fields.event === "gone") return this.gone();
    if (!fields.data) return;
    this.since = Number(fields.id);
    this.onView(JSON.parse(fields.data));
  }

  gone() {
    this.close();
    this.onGone();
  }
}
