/** Modal dialogs on the browser's own `<dialog>`: it traps the focus and makes the page behind inert. */
import { h, uniqueId } from "./dom.js";
import { closePopover } from "./popover.js";

/**
 * Opens a dialog and returns it. `onCancel` is called for Escape instead of closing; without it Escape closes.
 * The focus returns to where it was when the dialog closes.
 */
export function openDialog({ className, labelledBy, label, content, onCancel }) {
  closePopover({ refocus: false });
  const before = document.activeElement;
  const dialog = h("dialog", { class: `dialog ${className ?? ""}`, "aria-labelledby": labelledBy, "aria-label": label }, content);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (onCancel) onCancel();
    else dialog.close();
  });
  // Chromium closes a dialog on the second Escape in a row even when `cancel` was refused.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    if (onCancel) onCancel();
    else dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Milliseconds in which a further click belongs to a double click: the longest a system waits for one by default. */
const DOUBLE_CLICK = 500;

/** Whoever double clicks means the button that is gone by the second click, and not what lies under it. */
function swallowDoubleClick() {
  const swallow = (event) => {
    if (event.detail < 2) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const kinds = ["mousedown", "mouseup", "click", "dblclick"];
  for (const kind of kinds) window.addEventListener(kind, swallow, true);
  setTimeout(() => {
    for (const kind of kinds) window.removeEventListener(kind, swallow, true);
  }, DOUBLE_CLICK);
}

/** Asks for a yes or no; resolves to true for yes. The texts are nodes or strings. */
export function ask({ title, text, confirm = "Yes", deny = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const id = uniqueId("ask");
    let answer = false;
    const finish = (value) => {
      answer = value;
      swallowDoubleClick();
      dialog.close();
    };
    const yes = h("button", { type: "button", class: `button ${danger ? "button-danger" : "button-primary"}`, on: { click: () => finish(true) } }, confirm);
    const dialog = openDialog({
      className: "dialog-ask",
      labelledBy: id,
      content: [
        h("h2", { id, class: "dialog-title" }, title),
        h("div", { class: "ask-text" }, text),
        h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "button", on: { click: () => finish(false) } }, deny), yes),
      ],
    });
    yes.focus();
    dialog.addEventListener("close", () => resolve(answer));
  });
}
