/** Actions and input blocks. */
import { h, uniqueId } from "../dom.js";
import { renderElement } from "../elements/index.js";
import { textNodes } from "../text/text_object.js";

export const actions = (block, surface) => h("div", { class: "actions" }, (block.elements ?? []).map((element) => renderElement(element, block, surface)));

/** So much of what fits is left before the limit is told. */
const NEAR = 0.1;

/** The limit of a text field, told when the text comes near it. What is too long stays whole, to be shortened by whoever
 * wrote it: the form is not sent until then. */
function limit(field, most) {
  const told = h("div", { class: "input-hint", "aria-live": "polite", hidden: true, data: { limit: String(most) } });
  const tell = () => {
    const left = most - field.value.length;
    told.hidden = !field.value || left > most * NEAR;
    told.classList.toggle("input-over", left < 0);
    told.textContent = told.hidden ? "" : `At most ${most} characters: ${left < 0 ? `${-left} too many` : `${left} left`}`;
  };
  field.addEventListener("input", tell);
  tell();
  return told;
}

/** An input with its label, hint and, where the form was refused, the reason. */
export function input(block, surface) {
  const id = uniqueId("input");
  const error = surface.errors?.[block.block_id];
  const control = renderElement(block.element, block, surface);
  const field = control.matches("input,textarea,button,[role=radiogroup],[role=group]") ? control : (control.querySelector("input,textarea,button") ?? control);
  const described = [block.hint ? `${id}-hint` : null, error ? `${id}-error` : null].filter(Boolean).join(" ");
  if (described) field.setAttribute("aria-describedby", described);
  if (error) field.setAttribute("aria-invalid", "true");
  if (!block.optional) field.setAttribute("aria-required", "true");
  const most = block.element.max_length;
  return h(
    "div",
    { class: `input-block${error ? " input-wrong" : ""}`, data: { inputBlock: block.block_id } },
    h("div", { class: "input-label" }, textNodes(block.label), block.optional ? h("span", { class: "input-optional" }, " (optional)") : h("span", { class: "input-required", "aria-hidden": "true", title: "Required" }, " *")),
    control,
    h("div", { class: "input-error", id: `${id}-error`, role: "alert" }, error ?? ""),
    block.hint ? h("div", { class: "input-hint", id: `${id}-hint` }, textNodes(block.hint)) : null,
    most && "value" in field ? limit(field, most) : null,
  );
}
