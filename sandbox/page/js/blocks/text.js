/** Section, context, header, divider, markdown and rich text. */
import { h } from "../dom.js";
import { renderElement } from "../elements/index.js";
import { markdown as markdownNodes } from "../text/markdown.js";
import { richText as richTextNodes } from "../text/rich_text.js";
import { plainText, textNodes } from "../text/text_object.js";

/** Longer section texts are folded, as in Slack, unless the app asks for `expand`. */
const FOLD_CHARACTERS = 1200;

function folded(nodes) {
  const body = h("div", { class: "folded" }, nodes);
  const more = h("button", { type: "button", class: "link-button", "aria-expanded": "false" }, "See more");
  more.addEventListener("click", () => {
    const open = body.classList.toggle("folded") === false;
    more.textContent = open ? "See less" : "See more";
    more.setAttribute("aria-expanded", String(open));
  });
  return [body, more];
}

export function section(block, surface) {
  const text = block.text ? textNodes(block.text) : [];
  const long = !block.expand && (block.text?.text?.length ?? 0) > FOLD_CHARACTERS;
  const fields = block.fields?.length ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field text" }, textNodes(field)))) : null;
  const accessory = block.accessory ? h("div", { class: `accessory accessory-${block.accessory.type}` }, renderElement(block.accessory, block, surface)) : null;
  return h("div", { class: "section" }, h("div", { class: "section-body text" }, long ? folded(text) : text, fields), accessory);
}

export const context = (block, surface) =>
  h("div", { class: "context" }, (block.elements ?? []).map((element) => (element.type === "image" ? renderElement(element, block, surface) : h("span", { class: "context-text text" }, textNodes(element)))));

export const header = (block) => h("h2", { class: "block-header" }, plainText(block.text));
export const divider = () => h("hr", { class: "divider" });
export const markdown = (block) => h("div", { class: "text markdown" }, markdownNodes(block.text));
export const richText = (block) => h("div", { class: "text rich-text" }, richTextNodes(block));
