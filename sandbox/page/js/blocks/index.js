/** Every Block Kit block by its type. */
import { dataVisualization } from "../charts.js";
import { h } from "../dom.js";
import { card, carousel } from "./card.js";
import { alert, container, contextActions, plan, taskCard } from "./container.js";
import { actions, input } from "./input.js";
import { file, image, video } from "./media.js";
import { dataTable, table } from "./table.js";
import { context, divider, header, markdown, richText, section } from "./text.js";

const BLOCKS = {
  actions,
  alert,
  card,
  carousel,
  container,
  context,
  context_actions: contextActions,
  data_table: dataTable,
  data_visualization: dataVisualization,
  divider,
  file,
  header,
  image,
  input,
  markdown,
  plan,
  rich_text: richText,
  section,
  table,
  task_card: taskCard,
  video,
};

/**
 * The nodes of blocks. `surface`: `{kind: "message" | "form" | "home", place, ts?, viewId?, values, errors?,
 * touched?(block)}`: where the blocks stand and what has been entered there.
 */
export function renderBlocks(blocks, surface) {
  return (blocks ?? []).map((block, index) => {
    const build = BLOCKS[block.type];
    const node = build ? build(block, surface, renderBlocks) : h("div", { class: "unknown" }, `[${block.type}: this block is not known here]`);
    const wrap = h("div", { class: `block block-${block.type}`, data: { block: block.type, blockId: block.block_id } }, node);
    wrap.dataset.index = String(index);
    return wrap;
  });
}
