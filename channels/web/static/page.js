// What the server put into the page: the clinic, its numbers, and all words. Knows nothing about the conversation.

export const page = JSON.parse(document.getElementById("page").textContent);

/** The string `key`, its `{places}` filled in. */
export function say(key, values = {}) {
  const known = { clinic: page.clinic, number: page.emergencyNumber, ...values };
  return page.strings[key].replace(/\{(\w+)\}/g, (place, name) => known[name] ?? place);
}

/** An element with attributes and children; children that are strings become text, never markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);
