/** Card and carousel. */
import { h } from "../dom.js";
import { picture, renderElement } from "../elements/index.js";
import { icon } from "../icons.js";
import { textNodes } from "../text/text_object.js";

const imageAddress = (image) => image.image_url ?? image.slack_file?.url;

export function card(block, surface) {
  const head = block.icon || block.title || block.subtitle;
  return h(
    "article",
    { class: "card" },
    block.hero_image ? picture(imageAddress(block.hero_image), block.hero_image.alt_text, "card-hero") : null,
    h(
      "div",
      { class: "card-body" },
      head ? h("div", { class: "card-head" }, block.icon ? picture(imageAddress(block.icon), block.icon.alt_text, "card-icon") : null, h("div", { class: "text" }, block.title ? h("div", { class: "card-title" }, textNodes(block.title)) : null, block.subtitle ? h("div", { class: "card-subtitle" }, textNodes(block.subtitle)) : null)) : null,
      block.body ? h("div", { class: "card-text text" }, textNodes(block.body)) : null,
      block.actions?.length ? h("div", { class: "actions" }, block.actions.map((element) => renderElement(element, block, surface))) : null,
    ),
  );
}

export function carousel(block, surface) {
  const track = h("div", { class: "carousel-track", role: "list", tabindex: "0", "aria-label": "Cards" }, (block.elements ?? []).map((one) => h("div", { role: "listitem", class: "carousel-item" }, card({ ...one, block_id: one.block_id ?? block.block_id }, surface))));
  const move = (direction) => track.scrollBy({ left: direction * 260, behavior: "smooth" });
  const button = (label, name, direction) => h("button", { type: "button", class: "icon-button", "aria-label": label, on: { click: () => move(direction) } }, icon(name, 18));
  return h("div", { class: "carousel" }, track, (block.elements ?? []).length > 1 ? h("div", { class: "carousel-buttons" }, button("Previous card", "left", -1), button("Next card", "right", 1)) : null);
}
