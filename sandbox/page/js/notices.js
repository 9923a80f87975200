/** Short notices at the foot of the page. */
import { h } from "./dom.js";
import { icon } from "./icons.js";

const LASTING_MS = 7000;

/** Shows `text`; errors stay until they are dismissed, others leave by themselves. */
export function notice(text, { kind = "info", key = text } = {}) {
  const dialogs = document.querySelectorAll("dialog[open]");
  const top = dialogs[dialogs.length - 1];
  let host = document.getElementById("notices");
  if (top) {
    host = top.querySelector(":scope > .notices") ?? top.appendChild(h("div", { class: "notices", "aria-live": "polite" }));
  }
  const same = [...host.children].find((child) => child.dataset.key === key);
  same?.remove();
  const node = h(
    "div",
    { class: `notice notice-${kind}`, role: kind === "error" ? "alert" : "status", data: { key } },
    icon(kind === "error" ? "error" : kind === "warning" ? "warning" : "info"),
    h("span", { class: "notice-text" }, text),
    h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => node.remove() } }, icon("close", 16)),
  );
  host.append(node);
  if (kind !== "error") window.setTimeout(() => node.remove(), LASTING_MS);
}
