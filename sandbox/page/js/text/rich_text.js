/** The `rich_text` block: what people's own messages and rich cells are made of. */
import { h } from "../dom.js";
import { emojiOf, fromCodePoints } from "./emoji.js";
import { broadcast, channelMention, dateText, groupMention, link, userMention } from "./links.js";

function styled(node, style = {}) {
  let out = node;
  if (style.code) out = h("code", { class: "code" }, out);
  if (style.strike) out = h("s", null, out);
  if (style.underline) out = h("u", null, out);
  if (style.italic) out = h("em", null, out);
  if (style.bold) out = h("strong", null, out);
  if (style.highlight || style.client_highlight) out = h("mark", null, out);
  return out;
}

function emoji(element) {
  const character = (element.unicode && fromCodePoints(element.unicode)) || emojiOf(element.name);
  if (!character) return document.createTextNode(`:${element.name}:`);
  return h("span", { class: "emoji", role: "img", "aria-label": element.name.replaceAll("_", " ") }, character);
}

function color(element) {
  const swatch = h("span", { class: "swatch", "aria-hidden": "true" });
  if (/^#[0-9a-f]{3,8}$/i.test(element.value)) swatch.style.background = element.value;
  return h("span", null, swatch, element.value);
}

const LEAVES = {
  text: (element) => document.createTextNode(element.text),
  link: (element) => link(element.url, element.text || element.url),
  user: (element) => userMention(element.user_id),
  channel: (element) => channelMention(element.channel_id),
  usergroup: (element) => groupMention(element.usergroup_id),
  team: (element) => groupMention(element.team_id),
  broadcast: (element) => broadcast(element.range),
  date: (element) => dateText(element.timestamp, element.format, element.url, element.fallback),
  emoji,
  color,
};

const leaves = (elements) =>
  (elements ?? []).map((element) => {
    const build = LEAVES[element.type];
    return build ? styled(build(element), element.style) : h("span", { class: "unknown" }, element.text ?? element.fallback ?? `[${element.type}]`);
  });

const ORDER = ["decimal", "lower-alpha", "lower-roman"];

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rich-section" }, leaves(part.elements)),
  rich_text_quote: (part) => h("blockquote", { class: "quote" }, leaves(part.elements)),
  rich_text_preformatted: (part) => h("pre", { class: "code-block" }, leaves(part.elements)),
  rich_text_list: (part) => {
    const ordered = part.style === "ordered";
    const indent = Math.min(8, part.indent ?? 0);
    const node = h(ordered ? "ol" : "ul", { class: `rich-list rich-indent-${indent}${part.border ? " rich-border" : ""}`, start: ordered && part.offset ? part.offset + 1 : null });
    node.style.listStyleType = ordered ? ORDER[indent % 3] : ["disc", "circle", "square"][indent % 3];
    node.append(...(part.elements ?? []).map((item) => h("li", null, PARTS[item.type] ? PARTS[item.type](item) : leaves([item]))));
    return node;
  },
};

/** The parts of a `rich_text` block as nodes. */
export function richText(block) {
  return (block.elements ?? []).map((part) => (PARTS[part.type] ? PARTS[part.type](part) : h("div", null, leaves([part]))));
}

/** The same as a string. */
export const richTextPlain = (block) => richText(block).map((node) => node.textContent).join("\n");
