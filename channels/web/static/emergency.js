// The emergency panel: what to do, whom to call, and whether a nurse has seen the alert.

import { byId, make, page, say } from "./page.js";

let shown = false;

/** Show or take away the panel for this view of the conversation; `told` is what the clinic told the patient to do. */
export function showEmergency(view, told) {
  byId("emergency").hidden = !view.urgent;
  byId("emergency-line").hidden = view.urgent;
  if (!view.urgent) {
    shown = false;
    return;
  }
  if (!shown) announce(told);
  const isNew = !shown;
  shown = true;
  const status = statusOf(view);
  if (byId("emergency-status").textContent !== status) byId("emergency-status").textContent = status;
  byId("emergency").classList.toggle("seen", view.paging === "acknowledged");
  // Closes a phone's keyboard, which would cover the panel; the next Tab is on the number to call.
  if (isNew) byId("emergency").focus({ preventScroll: true });
}

function announce(told) {
  const crisis = page.crisisLine && page.crisisLine !== page.emergencyNumber && told?.text.includes(page.crisisLine);
  const heading = make("h2", {}, say(crisis ? "crisis_heading" : "emergency_heading"));
  const calls = make("p", { class: "calls" }, call(page.emergencyLink, say("emergency_call_now")));
  if (crisis) calls.prepend(call(page.crisisLink, say("crisis_call_now", { number: page.crisisLine })));
  byId("emergency-alert").replaceChildren(make("div", { class: "alarm" }, heading, calls), make("p", {}, told?.text ?? ""));
}

/** A button that dials; only words where the clinic has set no number. */
const call = (href, label) => (href ? make("a", { href, class: "call" }, label) : make("strong", { class: "call" }, label));

const statusOf = ({ paging }) => say(paging === "acknowledged" ? "emergency_seen" : "emergency_sent");
