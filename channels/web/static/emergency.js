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
  shown = true;
  const status = statusOf(view);
  if (byId("emergency-status").textContent !== status) byId("emergency-status").textContent = status;
  byId("emergency").classList.toggle("seen", view.paging === "acknowledged");
}

function announce(told) {
  const crisis = page.crisisLine && told?.text.includes(page.crisisLine);
  const heading = make("h2", {}, say("emergency_heading"));
  byId("emergency-alert").replaceChildren(heading, ...(told ? [make("p", {}, told.text)] : []));
  const calls = [call(page.emergencyLink, say("emergency_call_now"))];
  if (crisis) calls.unshift(call(page.crisisLink, say("crisis_call_now", { number: page.crisisLine })));
  byId("emergency-calls").replaceChildren(...calls);
}

const call = (href, label) => make("a", { href, class: "call" }, label);

const statusOf = ({ paging }) => say(paging === "acknowledged" ? "emergency_seen" : "emergency_sent");
