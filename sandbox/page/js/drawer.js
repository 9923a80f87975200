/** The drawer at the right of the page: the Inspector or the Start here note. */
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";

let current = null;
let closing = null;

export const drawerShows = (name) => current === name;

/** Shows `content` under `title`; the same name again closes it. `onClose` is called when it goes. */
export function openDrawer(name, title, content, { narrow = false, onClose } = {}) {
  const drawer = document.getElementById("drawer");
  if (current === name) return closeDrawer();
  closeDrawer();
  const id = uniqueId("drawer");
  current = name;
  closing = onClose ?? null;
  drawer.className = `drawer drawer-${name}${narrow ? " drawer-narrow" : ""}`;
  drawer.setAttribute("aria-labelledby", id);
  const close = h("button", { type: "button", class: "icon-button", "aria-label": `Close ${title}`, on: { click: closeDrawer } }, icon("close"));
  fill(drawer, h("header", { class: "pane-head" }, h("h2", { id, class: "pane-title" }, title), close), h("div", { class: "drawer-body" }, content));
  drawer.hidden = false;
  document.body.dataset.drawer = name;
  return undefined;
}

export function closeDrawer() {
  const drawer = document.getElementById("drawer");
  drawer.hidden = true;
  drawer.replaceChildren();
  delete document.body.dataset.drawer;
  current = null;
  closing?.();
  closing = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && current && document.getElementById("drawer").contains(document.activeElement)) closeDrawer();
});
