// The controls that fit a question: buttons, check boxes, a number, a duration, a scale. Each answers with
// `{choices, label}` or `{text, label}`. Free text is always possible beside them, elsewhere. Where a figure is asked for,
// there is a way to say that one does not know it: nobody shall make one up.

import { make, say } from "./page.js";

const NONE = "none";
const MOST = 20; // of more choices than these, SHOWN are at hand, the last among them, and the rest can be unfolded
const SHOWN = 15;
const SPANS = ["hours", "days", "weeks", "months", "years"];

/** The controls for `question`, or null when only free text fits; calls `answer` once with what was chosen. */
export function controls(question, answer) {
  const build = { multi_choice: group, number, duration, scale }[question.kind] ?? buttons;
  const content = build(question, answer);
  if (!content) return null;
  const legend = make("legend", { class: "vh" }, say("answers"));
  return make("fieldset", { class: `answers ${question.kind}`, tabindex: "-1" }, legend, ...why(question), ...content);
}

function why(question) {
  if (!question.why) return [];
  return [make("details", { class: "why" }, make("summary", {}, say("why")), make("p", {}, question.why))];
}

function buttons(question, answer) {
  if (!question.choices.length) return question.why ? [] : null;
  const chips = question.choices.map(({ value, label }) => {
    const chip = make("button", { type: "button", class: "chip", value }, label);
    chip.addEventListener("click", () => answer({ choices: [value], label }));
    return chip;
  });
  if (chips.length <= MOST) return [make("div", { class: "chips" }, ...chips)];
  const [first, rest, last] = [chips.slice(0, SHOWN - 1), chips.slice(SHOWN - 1, -1), chips.at(-1)];
  const more = make("details", { class: "why" }, make("summary", {}, say("more")), make("div", { class: "chips" }, ...rest));
  return [make("div", { class: "chips" }, ...first, last), more];
}

/** Boxes to tick and send; "none of these" is said by one tap, while nothing is ticked. */
function group(question, answer) {
  const boxes = [];
  const rows = question.choices.filter(({ value }) => value !== NONE).map(({ value, label }) => {
    const box = make("input", { type: "checkbox", value, "data-label": label });
    boxes.push(box);
    return make("label", { class: "row-choice" }, box, make("span", {}, label));
  });
  const chosen = () => boxes.filter((box) => box.checked);
  const none = question.choices.filter(({ value }) => value === NONE).map(({ value, label }) => {
    const button = make("button", { type: "button", class: "chip", value }, label);
    button.addEventListener("click", () => answer({ choices: [NONE], label }));
    return button;
  });
  const list = make("div", { class: "rows" }, ...rows);
  list.addEventListener("change", () => none.forEach((button) => (button.disabled = chosen().length > 0)));
  const [send, hint] = submit(say("send_chosen"), say("choose_first"), () => {
    const picked = chosen();
    if (!picked.length) return null;
    return { choices: picked.map((box) => box.value), label: picked.map((box) => box.dataset.label).join(", ") };
  }, answer);
  return [list, make("div", { class: "chips" }, send, ...none), hint];
}

function number(_question, answer) {
  const input = figure();
  return [
    make("label", { for: input.id }, say("answers")),
    make("div", { class: "row" }, input, ...submit(say("send"), say("enter_number"), () => {
      return valid(input) ? { text: input.value, label: input.value } : null;
    }, answer, input)),
    unknown(answer),
  ];
}

function duration(question, answer) {
  const input = figure();
  const usual = question.findings.includes("age") ? "years" : "days"; // an adult must not turn into a newborn
  const options = SPANS.map((unit) => make("option", { value: unit, selected: unit === usual }, say(`unit_${unit}`)));
  const unit = make("select", { "aria-label": say("unit") }, ...options);
  return [
    make("label", { for: input.id }, say("answers")),
    make("div", { class: "row" }, input, unit, ...submit(say("send"), say("enter_number"), () => {
      if (!valid(input)) return null;
      const text = `${input.value} ${unit.selectedOptions[0].textContent}`;
      return { text, label: text };
    }, answer, input)),
    unknown(answer),
  ];
}

function scale(_question, answer) {
  const steps = Array.from({ length: 11 }, (_, step) => {
    const button = make("button", { type: "button", class: "chip", value: step }, String(step));
    button.addEventListener("click", () => answer({ text: String(step), label: String(step) }));
    return button;
  });
  const ends = make("p", { class: "ends" }, make("span", {}, say("scale_low")), make("span", {}, say("scale_high")));
  return [make("div", { class: "steps" }, ...steps), ends, unknown(answer)];
}

function unknown(answer) {
  const chip = make("button", { type: "button", class: "chip" }, say("dont_know"));
  chip.addEventListener("click", () => answer({ text: say("dont_know"), label: say("dont_know") }));
  return make("div", { class: "chips unknown" }, chip);
}

function figure() {
  return make("input", {
    type: "number", id: "figure", inputmode: "decimal", step: "any", min: 0, autocomplete: "off",
  });
}

const valid = (input) => input.value !== "" && input.checkValidity();

/** A button that sends what `read` returns, and says `missing` beside it when that is nothing. */
function submit(label, missing, read, answer, input) {
  const hint = make("p", { class: "hint", id: "answer-hint", role: "status" });
  const button = make("button", { type: "button", class: "strong" }, label);
  const go = () => {
    const found = read();
    hint.textContent = found ? "" : missing;
    input?.toggleAttribute("aria-invalid", !found);
    if (found) answer(found);
    else input?.focus();
  };
  button.addEventListener("click", go);
  input?.setAttribute("aria-describedby", hint.id);
  input?.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), go()));
  return [button, hint];
}
