// The list of what was said. Knows nothing about sending; text is always put in as text, never as markup.

import { byId, make, page, say } from "./page.js";

const LONG = 280;
const clock = new Intl.DateTimeFormat(page.language, { hour: "2-digit", minute: "2-digit" });

export class Transcript {
  constructor(log) {
    this.log = log;
    this.list = log.querySelector("ol");
    this.clear();
  }

  /** Show what is new, in order; returns the messages that were. What was echoed already is not repeated. */
  add(messages) {
    const fresh = messages.filter(({ seq }) => !this.turns.has(seq));
    fresh.forEach(({ seq }) => this.turns.add(seq));
    for (const message of fresh) {
      const echo = message.from === "patient" ? this.echoes.shift() : null;
      if (echo) this.settle(echo, message);
      else this.place(this.item(message), message.seq);
    }
    return fresh;
  }

  /** Turns may come out of order: a nurse writes while the patient's own answer is under way. */
  place(item, seq) {
    const later = [...this.list.children].find((other) => Number(other.dataset.seq) > seq);
    this.list.insertBefore(item, later ?? null);
  }

  settle(echo, { seq }) {
    echo.classList.remove("unsent");
    echo.dataset.seq = seq;
  }

  /** Show at once what the patient is sending; returns a function that takes it away again. */
  echo(text) {
    const item = this.item({ from: "patient", text });
    item.classList.add("unsent");
    this.echoes.push(item);
    this.list.append(item);
    this.toEnd();
    return () => {
      this.echoes = this.echoes.filter((each) => each !== item);
      item.remove();
    };
  }

  item({ seq = "", from, kind = "text", text, at = Date.now() / 1000, by, offered = [] }) {
    const author = by || say(`from_${from}`);
    const item = make("li", { class: text.length > LONG ? `${from} long` : from, "data-kind": kind, "data-seq": seq });
    const colon = make("span", { class: "vh" }, ": ");
    item.append(make("span", { class: from === "nurse" ? "author" : "author vh" }, author, colon));
    if (from === "nurse") item.append(make("span", { class: "person" }, say("written_by_person")));
    item.append(make("p", {}, text));
    if (offered.length) item.append(make("p", { class: "offered" }, offered.join(" · ")));
    item.append(make("time", { datetime: new Date(at * 1000).toISOString() }, clock.format(at * 1000)));
    return item;
  }

  /**
   * Bring the end into view, the controls below the log included, but never push above the edge what is new since the
   * patient's last words: who comes back to a long chat sees where it is.
   */
  reveal(fresh) {
    const answered = fresh.findLastIndex(({ from }) => from === "patient");
    const first = fresh.slice(answered + 1).find(({ from }) => from !== "patient");
    this.toEnd();
    const item = first && this.list.querySelector(`[data-seq="${first.seq}"]:not(.patient, .in-panel)`);
    if (item && item.getBoundingClientRect().top < this.edge()) item.scrollIntoView({ block: "start" });
  }

  /** The lowest of what stays in place above the log. */
  edge() {
    return Math.max(this.log.getBoundingClientRect().top, byId("emergency-line").getBoundingClientRect().bottom);
  }

  /** Mark the question that is open; it is the last one that was put. */
  markOpen(open) {
    const questions = [...this.list.querySelectorAll('[data-kind="question"]')];
    questions.forEach((item, place) => item.classList.toggle("open", open && place === questions.length - 1));
  }

  /** While the emergency panel shows its first message, the log does not show it a second time. */
  standIn(shown) {
    for (const item of this.list.children) {
      const same = item.dataset.kind === "emergency" && item.dataset.seq === String(shown?.seq);
      item.classList.toggle("in-panel", same);
    }
  }

  toEnd() {
    this.log.scrollTop = this.log.scrollHeight;
    byId("tray").scrollIntoView({ block: "end" });
  }

  clear() {
    this.list.replaceChildren();
    this.turns = new Set();
    this.echoes = [];
  }
}
