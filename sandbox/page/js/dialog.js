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

/** Asks for a yes or no; resolves to true for yes. The texts are nodes or strings. */
export function ask({ title, text, confirm = "Yes", deny = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const id = uniqueId("ask");
    let answer = false;
    const finish = (value) => {
      answer = value;
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
