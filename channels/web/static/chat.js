// The chat page: joins the API to what is seen. One message is sent at a time; a failed one stays and can be sent again.

import * as api from "./api.js";
import { controls } from "./answers.js";
import { Composer } from "./composer.js";
import { showEmergency } from "./emergency.js";
import { invited } from "./invitation.js";
import { setUpMenu, somethingOpen } from "./menu.js";
import { byId, page, say } from "./page.js";
import { forget, save, saved } from "./session.js";
import { Transcript } from "./transcript.js";

const ENDED = new Set(["closed"]);
const TYPING_AFTER_MS = 400;
const framed = window.parent !== window;
const touch = matchMedia("(pointer: coarse)");

const transcript = new Transcript(byId("log"));
const composer = new Composer(send);
let session = null;
let updates = null;
let told = null;
let sending = null;
let failed = null;
let held = [];
let asked = "";
let version = 0;

async function open() {
  const kept = invited() ?? saved();
  byId("log").setAttribute("aria-busy", "true");
  try {
    const resumed = kept && (await api.resume(kept));
    const view = resumed && !inOtherWords(kept, resumed) ? resumed : await api.start();
    session = view === resumed ? kept : { id: view.id, token: view.token, language: page.language };
    save(session);
    show(view);
    listen();
    byId("menu-button").hidden = false;
  } catch (failure) {
    if (failure.gone && kept) return end(failure.said || say("gone"));
    fail(failure.said || say("cannot_open"), open);
  } finally {
    byId("log").removeAttribute("aria-busy");
  }
}

/** Whether the patient has chosen another language before the first answer. Then a new chat begins in it. */
const inOtherWords = (kept, view) => view.version <= 1 && kept.language && kept.language !== page.language;

/** The page in the language that the chat is in, if the patient has asked for another one in mid-chat. */
function inItsLanguage(view) {
  const link = view.version > 1 && document.querySelector(`#languages a[hreflang="${view.language}"]`);
  if (link) location.replace(link.href);
}

/** A language that is chosen after the first answer is asked for by its name: the chat goes on in it. */
function changeLanguage(event) {
  const link = event.target.closest("a");
  if (!link || version <= 1) return;
  event.preventDefault();
  send({ text: link.textContent, label: link.textContent });
}

function listen() {
  updates?.close();
  updates = new api.Updates(session, version, { onView: live, onGone: () => end(say("gone")) });
}

/** A view that came by itself. While a message is under way it waits, so that nothing is shown twice. */
function live(view) {
  if (sending) return held.push(view);
  const fresh = show(view);
  if (fresh.some(({ from }) => from !== "patient")) tellFrame("news");
}

function show(view) {
  const fresh = transcript.add(view.messages);
  if (view.version < version) return fresh;
  version = view.version;
  told = view.urgent ? (told ?? view.messages.find(({ kind }) => kind === "emergency") ?? null) : null;
  showEmergency(view, told);
  transcript.standIn(view.urgent ? told : null);
  transcript.markOpen(Boolean(view.question));
  showProgress(view.progress, view.question);
  byId("with").textContent = say(view.state === "with_nurse" ? "with_person" : "assistant");
  byId("tray").hidden = ENDED.has(view.state);
  inItsLanguage(view);
  showQuestion(view.question);
  if (ENDED.has(view.state)) showEnd("");
  if (fresh.length) transcript.reveal(fresh);
  return fresh;
}

function showQuestion(question) {
  const key = JSON.stringify(question);
  if (key === asked) return;
  asked = key;
  const built = question && controls(question, send);
  byId("answers").replaceChildren(...(built ? [built] : []));
  composer.offer(Boolean(built?.querySelector("button, input")));
}

function showProgress(progress, question) {
  byId("progress").hidden = !question || !progress;
  if (!question || !progress) return;
  const bar = byId("progress").querySelector("progress");
  bar.max = progress.total;
  bar.value = progress.done;
  byId("progress").querySelector("span").textContent = say("progress", { ...progress, step: progress.done + 1 });
}

/** Send `{text, label}` or `{choices, label}`; a repeated try keeps its id, so that it counts once. */
async function send(message) {
  if (sending) return;
  if (message.refused !== undefined) return fail(message.refused, null);
  const again = failed && same(failed, message);
  sending = again ? failed : { ...message, id: newId() };
  failed = null;
  showFailure("");
  const takeBack = transcript.echo(message.label);
  if (message.text && message.text === composer.box.value.trim()) composer.clear();
  await wait(async () => {
    const { id, text, choices } = sending;
    const view = await api.send(session, { client_message_id: id, ...(choices ? { choices } : { text }) });
    show(view);
  }, takeBack);
  const late = held;
  held = [];
  late.forEach(live);
  settleFocus();
}

/** 128 random bits; `crypto.randomUUID` is missing where a clinic serves its own network without TLS. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const same = (one, other) => one.text === other.text && String(one.choices) === String(other.choices);

/** Run `work` with the controls off and, if it takes a while, a sign that the assistant is writing. */
async function wait(work, takeBack) {
  const typing = setTimeout(() => showTyping(true), TYPING_AFTER_MS);
  byId("tray").setAttribute("aria-busy", "true");
  try {
    await work();
    sending = null;
  } catch (failure) {
    const message = sending;
    sending = null;
    takeBack();
    if (failure.gone) return end(failure.said || say("gone"));
    failed = message;
    if (message.text) composer.fill(message.text);
    fail(failure.said || say("no_connection"), () => send(message));
  } finally {
    clearTimeout(typing);
    showTyping(false);
    byId("tray").removeAttribute("aria-busy");
  }
}

function showTyping(on) {
  byId("typing").hidden = !on;
  byId("status").textContent = on ? say("typing") : "";
  if (on) transcript.toEnd();
}

function fail(reason, retry) {
  byId("tray").hidden = false;
  showFailure(retry && session ? `${say("not_sent")} ${reason}` : reason, retry);
}

function showFailure(text, retry) {
  byId("failure").hidden = !text;
  byId("failure-text").textContent = text;
  byId("status").textContent = text;
  byId("retry").hidden = !retry;
  byId("retry").onclick = () => {
    showFailure("");
    retry();
  };
}

/** Tries again what failed once there is a connection, unless the patient has changed the message meanwhile. */
function tryAgain() {
  const changed = failed?.text && failed.text !== composer.box.value.trim();
  if (!changed && !byId("failure").hidden && !byId("retry").hidden) byId("retry").click();
}

/** After an answer the focus is where the next one is given; on touch screens without opening the keyboard. */
function settleFocus() {
  if (document.activeElement && document.activeElement !== document.body && !byId("answers").contains(document.activeElement)) {
    return;
  }
  if (!byId("failure").hidden) byId("retry").focus();
  else if (byId("answers").firstElementChild?.querySelector("button, input")) byId("answers").firstElementChild.focus({ preventScroll: true });
  else if (touch.matches) byId("log").focus({ preventScroll: true });
  else composer.focus();
}

async function remove() {
  try {
    const kept = await api.withdraw(session);
    if (kept) show(kept);
    else end(say("deleted"));
  } catch (failure) {
    fail(failure.said || say("no_connection"), remove);
  }
}

/** The conversation is no more: nothing of it stays on the page or in the tab. */
function end(text) {
  updates?.close();
  forget();
  session = null;
  asked = "";
  transcript.clear();
  byId("answers").replaceChildren();
  byId("progress").hidden = true;
  byId("menu-button").hidden = true;
  showEmergency({ urgent: false }, null);
  byId("tray").hidden = true;
  showEnd(text);
}

function showEnd(text) {
  const ended = byId("ended");
  ended.hidden = false;
  ended.querySelector("p").textContent = text;
  byId("status").textContent = text;
}

function startAnew() {
  updates?.close();
  forget();
  location.reload();
}

function tellFrame(what) {
  // Says only that something happened, never what: the clinic's page must not learn it.
  if (framed) window.parent.postMessage(`previsit:${what}`, "*");
}

byId("again").addEventListener("click", startAnew);
setUpMenu({ onSay: (text) => send({ text, label: text }), onDelete: remove });
byId("languages")?.addEventListener("click", changeLanguage);
addEventListener("online", tryAgain);
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !somethingOpen()) tellFrame("close");
});
document.documentElement.classList.toggle("framed", framed);
tellFrame("ready");
open();
