/** Avatars: initials on a colour. */
import { h } from "./dom.js";
import { isApp, state } from "./state.js";

const COLORS = ["#1d5fa8", "#2f7d4f", "#a8431d", "#6b4fa0", "#8a1d5f", "#8a5d0b", "#1a6f79", "#4a6b1d", "#9b2d30", "#3a5bbf"];

function colorOf(person, id) {
  if (/^[0-9a-f]{6}$/i.test(person?.color ?? "")) return `#${person.color}`;
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  return COLORS[sum % COLORS.length];
}

export function initials(name) {
  const words = name.trim().split(/\s+/);
  return ([...words[0]][0] + (words.length > 1 ? [...words.at(-1)][0] : "")).toLocaleUpperCase();
}

/** A decorative avatar of `size` pixels; the name stands beside it. */
export function avatar(id, size = 36) {
  const person = state.people.get(id);
  const app = isApp(id);
  const name = app ? state.app.app.name : person?.name || id;
  const node = h("span", { class: `avatar${app ? " avatar-app" : ""}`, "aria-hidden": "true" }, app ? [...name][0].toUpperCase() : initials(name));
  node.style.width = node.style.height = `${size}px`;
  node.style.fontSize = `${Math.round(size * 0.4)}px`;
  if (!app) node.style.backgroundColor = colorOf(person, id);
  return node;
}
