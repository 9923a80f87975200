/** Container, alert, task card, plan and context actions. */
import { h } from "../dom.js";
import { picture, renderElement } from "../elements/index.js";
import { icon } from "../icons.js";
import { link } from "../text/links.js";
import { richText } from "../text/rich_text.js";
import { textNodes } from "../text/text_object.js";

export function container(block, surface, renderBlocks) {
  const title = block.rich_text_title ? richText(block.rich_text_title) : textNodes(block.title);
  const head = [
    block.icon ? picture(block.icon.image_url ?? block.icon.slack_file?.url, block.icon.alt_text, "card-icon") : null,
    h("span", { class: "container-titles" }, h("span", { class: "container-title text" }, title), block.subtitle ? h("span", { class: "container-subtitle text" }, textNodes(block.subtitle)) : null),
  ];
  const body = h("div", { class: "container-body" }, renderBlocks(block.child_blocks ?? [], surface));
  const width = `container container-${["narrow", "wide", "full"].includes(block.width) ? block.width : "standard"}`;
  if (block.is_collapsible) {
    return h("details", { class: width, open: !block.default_collapsed }, h("summary", { class: "container-head" }, head, icon("chevron", 18)), body);
  }
  return h("section", { class: width }, h("div", { class: `container-head${block.has_header_divider ? " container-line" : ""}` }, head), body);
}

const ALERT_ICONS = { default: "info", info: "info", warning: "warning", error: "error", success: "check" };

export function alert(block) {
  const level = ALERT_ICONS[block.level] ? block.level : "default";
  return h("div", { class: `alert alert-${level}`, role: level === "error" ? "alert" : "note" }, icon(ALERT_ICONS[level]), h("div", { class: "text" }, textNodes(block.text)));
}

const TASK_WORDS = { pending: "Pending", in_progress: "In progress", complete: "Complete", error: "Failed" };

export function taskCard(block) {
  return h(
    "div",
    { class: `task task-${block.status}` },
    h("div", { class: "task-head" }, h("span", { class: "task-state" }, TASK_WORDS[block.status] ?? block.status), h("span", { class: "task-title" }, block.title)),
    block.details ? h("div", { class: "text" }, richText(block.details)) : null,
    block.output ? h("div", { class: "text task-output" }, richText(block.output)) : null,
    block.sources?.length ? h("ul", { class: "task-sources" }, block.sources.map((source) => h("li", null, link(source.url, source.text || source.url)))) : null,
  );
}

export const plan = (block) => h("div", { class: "plan" }, h("div", { class: "container-title" }, textNodes(block.title)), (block.tasks ?? []).map(taskCard));

export const contextActions = (block, surface) => h("div", { class: "context-actions" }, (block.elements ?? []).map((element) => renderElement(element, block, surface)));
