/** Inputs one types into. */
import { h } from "../dom.js";
import { plainText } from "../text/text_object.js";
import { interact } from "./interact.js";

const TYPING_MS = 400;

const KINDS = {
  plain_text_input: { type: "text" },
  email_text_input: { type: "email", inputmode: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url", autocomplete: "off" },
  number_input: { type: "text", inputmode: "decimal", autocomplete: "off" },
};

/** Text, e-mail, address and number inputs, and the rich text input as a text area. */
export function textInput(element, block, surface) {
  const multiline = element.multiline || element.type === "rich_text_input";
  const common = {
    class: `input${multiline ? " textarea" : ""}`,
    placeholder: plainText(element.placeholder) || null,
    "aria-label": plainText(block.label) || plainText(element.placeholder) || "Text",
    data: { focusKey: `${block.block_id}/${element.action_id}`, actionId: element.action_id },
    value: surface.values.of(block, element) ?? "",
  };
  const node = multiline ? h("textarea", { ...common, rows: element.min_lines ?? 4 }) : h("input", { ...common, ...KINDS[element.type] });
  const triggers = new Set(element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]);
  const dispatches = Boolean(block.dispatch_action);
  let timer = 0;
  const send = (quiet) => interact(surface, block, element, { action: "select", value: node.value, control: node, quiet });

  node.addEventListener("input", () => {
    surface.values.set(block, element, node.value);
    surface.touched?.(block);
    if (dispatches && triggers.has("on_character_entered")) {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => send(true), TYPING_MS);
    }
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || multiline || !dispatches || !triggers.has("on_enter_pressed")) return;
    event.preventDefault();
    send(false);
  });
  // The app sees what was typed in `state.values` of the next click, so the sandbox must know it by then.
  if (surface.kind === "form" && !dispatches) node.addEventListener("change", () => send(true));
  return node;
}
