/** The overflow menu. */
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { openMenu } from "../popover.js";
import { safeAddress } from "../text/links.js";
import { plainText } from "../text/text_object.js";
import { confirmed, interact } from "./interact.js";

export function overflow(element, block, surface) {
  const node = h(
    "button",
    { type: "button", class: "button overflow", "aria-label": "More actions", "aria-haspopup": "menu", "aria-expanded": "false", data: { focusKey: `${block.block_id}/${element.action_id}`, actionId: element.action_id } },
    icon("more"),
  );
  const choose = async (option) => {
    if (await confirmed(element)) interact(surface, block, element, { action: "select", value: option.value, control: node });
  };
  node.addEventListener("click", () => {
    openMenu(
      node,
      element.options.map((option) => ({
        label: plainText(option.text),
        detail: plainText(option.description),
        value: option.value,
        href: option.url ? safeAddress(option.url) : null,
        run: () => choose(option),
      })),
      { label: "More actions", minWidth: 180 },
    );
  });
  return node;
}
