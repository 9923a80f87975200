/** Buttons: plain, link, icon, feedback and workflow buttons. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { safeAddress } from "../text/links.js";
import { plainText } from "../text/text_object.js";
import { state } from "../state.js";
import { confirmed, interact } from "./interact.js";

const focusKey = (block, element) => `${block.block_id}/${element.action_id}`;

/** `button` and `workflow_button`. A button with an address opens it and tells the app as well. */
export function button(element, block, surface) {
  const href = element.url ? safeAddress(element.url) : null;
  const props = {
    class: `button${element.style ? ` button-${element.style === "primary" ? "primary" : "danger"}` : ""}`,
    "aria-label": element.accessibility_label,
    data: { focusKey: focusKey(block, element), actionId: element.action_id, blockId: block.block_id },
  };
  const text = h("span", { class: "button-text" }, plainText(element.text));
  if (href) {
    const node = h("a", { ...props, href, target: "_blank", rel: "noopener noreferrer" }, text, icon("external", 14));
    node.addEventListener("click", async (event) => {
      if (element.confirm) {
        event.preventDefault();
        if (!(await confirmed(element))) return;
        window.open(href, "_blank", "noopener");
      }
      interact(surface, block, element, { action: "click", control: node });
    });
    return node;
  }
  const node = h("button", { ...props, type: "button" }, text);
  node.addEventListener("click", async () => {
    if (node.classList.contains("busy") || !(await confirmed(element))) return;
    interact(surface, block, element, { action: "click", control: node });
  });
  return node;
}

const ICONS = { trash: "close", more: "more" };

export function iconButton(element, block, surface) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(state.me)) return null;
  const label = element.accessibility_label ?? plainText(element.text);
  const node = h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, data: { focusKey: focusKey(block, element) } }, icon(ICONS[element.icon] ?? "more"));
  node.addEventListener("click", async () => {
    if (await confirmed(element)) interact(surface, block, element, { action: "click", control: node });
  });
  return node;
}

export function feedbackButtons(element, block, surface) {
  const one = (choice, name) => {
    const node = h("button", { type: "button", class: "icon-button", "aria-label": choice.accessibility_label ?? plainText(choice.text), title: plainText(choice.text), data: { focusKey: `${focusKey(block, element)}/${name}` } }, icon(name));
    node.addEventListener("click", () => interact(surface, block, element, { action: "click", value: choice.value, control: node }));
    return node;
  };
  return h("span", { class: "feedback" }, one(element.positive_button, "thumbsup"), one(element.negative_button, "thumbsdown"));
}
