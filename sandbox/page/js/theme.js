/** Dark or light, remembered; the system's preference until someone chooses. */
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { remember } from "./state.js";

/** The button that changes over. */
export function themeButton() {
  const node = h("button", { type: "button", class: "bar-button bar-icon", id: "theme-button" });
  const draw = () => {
    const dark = document.documentElement.dataset.theme === "dark";
    node.setAttribute("aria-label", dark ? "Light theme" : "Dark theme");
    node.title = dark ? "Light theme" : "Dark theme";
    fill(node, icon(dark ? "sun" : "moon"));
  };
  node.addEventListener("click", () => {
    const next = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = next;
    remember("theme", next);
    draw();
  });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", (event) => {
    try {
      if (window.localStorage.getItem("sandbox.theme")) return;
    } catch {
      // No storage: nobody chose, so the system decides.
    }
    document.documentElement.dataset.theme = event.matches ? "dark" : "light";
    draw();
  });
  draw();
  return node;
}
