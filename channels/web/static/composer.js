// The box for free text: grows with what is written, Enter sends, Shift+Enter makes a new line.

import { byId, say } from "./page.js";

const LIMIT = 4000;

export class Composer {
  constructor(send) {
    this.form = byId("composer");
    this.box = byId("text");
    this.label = byId("text-label");
    this.send = send;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.box.addEventListener("input", () => {
      this.grow();
      if (this.refused && this.over() <= 0) this.refuse("");
    });
  }

  /** Beside controls the box is the second choice; alone it is the first. */
  offer(beside) {
    this.label.textContent = say(beside ? "write_instead" : "write");
  }

  submit() {
    const text = this.box.value.trim();
    if (this.over() > 0) return this.refuse(say("too_long", { over: this.over() }));
    if (text) this.send({ text, label: text });
    else this.box.focus();
  }

  /** How many characters are too many. */
  over() {
    return this.box.value.trim().length - LIMIT;
  }

  refuse(refused) {
    this.refused = refused;
    this.send({ refused });
  }

  fill(text) {
    this.box.value = text;
    this.grow();
  }

  clear() {
    this.fill("");
  }

  focus() {
    this.box.focus({ preventScroll: true });
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${Math.min(this.box.scrollHeight + 2, 160)}px`;
  }
}
