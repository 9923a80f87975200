/** Menus and lists that open beside the control that opened them. One is open at a time. */
import { h } from "./dom.js";

let open = null;

/** Closes the open popover, if any, and gives the focus back to its control. */
export function closePopover({ refocus = true } = {}) {
  if (!open) return;
  const { box, anchor, shade, onClose } = open;
  open = null;
  box.remove();
  shade.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus && anchor.isConnected) anchor.focus({ preventScroll: true });
  onClose?.();
}

function place(box, anchor, minWidth) {
  const at = anchor.getBoundingClientRect();
  const width = Math.min(Math.max(minWidth, box.offsetWidth), window.innerWidth - 16);
  box.style.minWidth = `${width}px`;
  const left = Math.max(8, Math.min(at.left, window.innerWidth - width - 8));
  const below = window.innerHeight - at.bottom - 12;
  const above = at.top - 12;
  const height = box.scrollHeight;
  box.style.left = `${left}px`;
  if (height <= below || below >= above) {
    box.style.top = `${at.bottom + 4}px`;
    box.style.maxHeight = `${Math.max(120, below)}px`;
  } else {
    box.style.top = `${Math.max(8, at.top - 4 - Math.min(height, above))}px`;
    box.style.maxHeight = `${Math.max(120, above)}px`;
  }
}

/**
 * Opens `content` at `anchor`. Escape, a click elsewhere and Tab close it. Returns a function that
 * places it again after its content has changed.
 */
export function openPopover(anchor, content, { label, role = "dialog", onClose, minWidth = 220, className = "" } = {}) {
  if (open?.anchor === anchor) {
    closePopover();
    return () => {};
  }
  closePopover({ refocus: false });
  const host = anchor.closest("dialog") ?? document.body;
  const shade = h("div", { class: "popover-shade", on: { pointerdown: (event) => { event.preventDefault(); closePopover(); } } });
  const box = h("div", { class: `popover ${className}`, role, "aria-label": label }, content);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Tab") closePopover();
  });
  host.append(shade, box);
  anchor.setAttribute("aria-expanded", "true");
  open = { box, anchor, shade, onClose };
  const settle = () => place(box, anchor, Math.max(minWidth, Math.min(anchor.offsetWidth, 520)));
  settle();
  return settle;
}

// In the capture phase: Escape closes the list that is open, not the form around it.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    closePopover();
  },
  { capture: true },
);
window.addEventListener("resize", () => closePopover({ refocus: false }));

/**
 * A menu of `items`: `[{label, detail, icon, danger, checked, href, run, heading}]`, moved through with the
 * arrow keys.
 */
export function openMenu(anchor, items, { label, minWidth = 220 } = {}) {
  const rows = items.map((item) => {
    if (item.heading) return h("div", { class: "menu-heading", role: "presentation" }, item.heading);
    const props = {
      class: `menu-item${item.danger ? " menu-danger" : ""}`,
      role: item.checked === undefined ? "menuitem" : "menuitemradio",
      "aria-checked": item.checked === undefined ? null : String(item.checked),
      tabindex: "-1",
      data: { value: item.value },
      on: {
        click: () => {
          closePopover();
          item.run?.();
        },
      },
    };
    const text = h("span", { class: "menu-text" }, h("span", { class: "menu-label" }, item.label), item.detail ? h("span", { class: "menu-detail" }, item.detail) : null);
    return item.href
      ? h("a", { ...props, href: item.href, target: "_blank", rel: "noopener noreferrer" }, item.icon, text)
      : h("button", { ...props, type: "button" }, item.icon, text);
  });
  const menu = h("div", { class: "menu" }, rows);
  openPopover(anchor, menu, { label, role: "menu", minWidth });
  const stops = rows.filter((row) => row.matches(".menu-item"));
  (stops.find((row) => row.getAttribute("aria-checked") === "true") ?? stops[0])?.focus({ preventScroll: true });
  menu.addEventListener("keydown", (event) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = stops.indexOf(document.activeElement);
    if (move) {
      event.preventDefault();
      stops[(at + move + stops.length) % stops.length]?.focus();
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      stops.at(event.key === "Home" ? 0 : -1)?.focus();
    } else if (event.key.length === 1 && /\S/.test(event.key)) {
      const letter = event.key.toLowerCase();
      const next = [...stops.slice(at + 1), ...stops].find((row) => row.textContent.trim().toLowerCase().startsWith(letter));
      next?.focus();
    }
  });
}
