/** Check boxes and radio buttons. */
import { h, uniqueId } from "../dom.js";
import { plainText, textNodes } from "../text/text_object.js";
import { confirmed, interact } from "./interact.js";
import { wireValue } from "./values.js";

function choice(type, name, option, checked, key) {
  const id = uniqueId("choice");
  const detail = option.description ? h("span", { class: "choice-detail", id: `${id}-detail` }, textNodes(option.description)) : null;
  const input = h("input", { type, id, name, value: option.value, checked, "aria-describedby": detail ? `${id}-detail` : null, data: { focusKey: `${key}/${option.value}` } });
  const node = h("div", { class: "choice" }, input, h("label", { for: id }, h("span", { class: "choice-text" }, textNodes(option.text)), detail));
  return { input, node, option };
}

function group(element, block, surface, { type, label }) {
  const name = uniqueId("choices");
  const key = `${block.block_id}/${element.action_id}`;
  const current = surface.values.of(block, element);
  const chosen = new Set((Array.isArray(current) ? current : current ? [current] : []).map((option) => option.value));
  const items = element.options.map((option) => choice(type, name, option, chosen.has(option.value), key));
  const node = h("div", { class: "choices", role: type === "radio" ? "radiogroup" : "group", "aria-label": label, data: { actionId: element.action_id } }, items.map((item) => item.node));
  const valueNow = () => {
    const options = items.filter((item) => item.input.checked).map((item) => item.option);
    return type === "radio" ? (options[0] ?? null) : options;
  };
  node.addEventListener("change", async () => {
    if (!(await confirmed(element))) {
      for (const item of items) item.input.checked = chosen.has(item.option.value);
      return;
    }
    const value = valueNow();
    chosen.clear();
    for (const item of items) if (item.input.checked) chosen.add(item.option.value);
    surface.values.set(block, element, value);
    surface.touched?.(block);
    interact(surface, block, element, { action: "select", value: wireValue(value), control: node });
  });
  return node;
}

export const checkboxes = (element, block, surface) => group(element, block, surface, { type: "checkbox", label: plainText(block.label) || "Choose any" });
export const radioButtons = (element, block, surface) => group(element, block, surface, { type: "radio", label: plainText(block.label) || "Choose one" });
