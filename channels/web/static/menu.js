// The options menu and its dialogs. What an option does is handed in; this knows how it is opened, asked and closed.

import { byId, say } from "./page.js";

/** `onSay(text)` sends an option's words as a message; `onDelete()` is called after the patient confirmed. */
export function setUpMenu({ onSay, onDelete }) {
  const menu = byId("menu");
  const button = byId("menu-button");
  const actions = {
    print: () => print(),
    about: () => byId("about-dialog").showModal(),
    delete: () => byId("delete-dialog").showModal(),
  };
  menu.addEventListener("toggle", ({ newState }) => button.setAttribute("aria-expanded", newState === "open"));
  menu.addEventListener("click", ({ target }) => {
    const option = target.closest("button");
    if (!option) return;
    menu.hidePopover();
    button.focus();
    if (option.dataset.say) onSay(say(option.dataset.say));
    else actions[option.dataset.do]();
  });
  const dialog = byId("delete-dialog");
  dialog.addEventListener("close", () => {
    if (dialog.returnValue === "delete") onDelete();
    dialog.returnValue = "";
  });
}

/** Whether something of this page is open that Escape closes. */
export const somethingOpen = () => Boolean(document.querySelector(":popover-open, dialog[open]"));
