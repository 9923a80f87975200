/** Tables: `table`, and `data_table` with sorting, a filter and pages. */
import { fill, h } from "../dom.js";
import { icon } from "../icons.js";
import { richText, richTextPlain } from "../text/rich_text.js";
import { withEmoji } from "../text/emoji.js";

const cellText = (cell) => (cell.type === "rich_text" ? richTextPlain(cell) : (cell.text ?? String(cell.value ?? "")));

function cellNodes(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return [withEmoji(cell.text ?? String(cell.value ?? ""))];
}

const cellClass = (setting, cell) => `align-${setting?.align ?? (cell.type === "raw_number" ? "right" : "left")}${setting?.is_wrapped ? " wrapped" : ""}`;

const scroller = (label, node) => h("div", { class: "table-scroll", role: "group", "aria-label": label, tabindex: "0" }, node);

export function table(block) {
  const [head, ...body] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const cells = (row, tag) => (row ?? []).map((cell, index) => h(tag, { class: cellClass(settings[index], cell), scope: tag === "th" ? "col" : null }, cellNodes(cell)));
  return scroller("Table", h("table", { class: "table" }, h("thead", null, h("tr", null, cells(head, "th"))), h("tbody", null, body.map((row) => h("tr", null, cells(row, "td"))))));
}

const compare = (one, other) => {
  if (one.type === "raw_number" && other.type === "raw_number") return one.value - other.value;
  return cellText(one).localeCompare(cellText(other), undefined, { numeric: true });
};

export function dataTable(block) {
  const [head, ...rows] = block.rows ?? [[]];
  const size = block.page_size ?? 5;
  const rowHeader = block.row_header_column_index ?? 0;
  const view = { page: 0, column: null, up: true, term: "" };
  const body = h("tbody");
  const counter = h("span", { class: "pager-text", role: "status" });
  const before = h("button", { type: "button", class: "icon-button", "aria-label": "Previous page" }, icon("left", 16));
  const after = h("button", { type: "button", class: "icon-button", "aria-label": "Next page" }, icon("right", 16));
  const heads = head.map((cell, index) => {
    const sort = h("button", { type: "button", class: "sort-button" }, cellNodes(cell), icon("chevron", 14));
    const node = h("th", { scope: "col", class: cellClass(null, rows[0]?.[index] ?? cell), "aria-sort": "none" }, sort);
    sort.addEventListener("click", () => {
      view.up = view.column === index ? !view.up : true;
      view.column = index;
      view.page = 0;
      draw();
    });
    return node;
  });
  const filter = h("input", { type: "search", class: "input table-filter", placeholder: "Filter rows", "aria-label": `Filter: ${block.caption}` });
  filter.addEventListener("input", () => {
    view.term = filter.value.trim().toLocaleLowerCase();
    view.page = 0;
    draw();
  });
  before.addEventListener("click", () => {
    view.page -= 1;
    draw();
  });
  after.addEventListener("click", () => {
    view.page += 1;
    draw();
  });
  function draw() {
    let shown = rows.filter((row) => !view.term || row.some((cell) => cellText(cell).toLocaleLowerCase().includes(view.term)));
    if (view.column !== null) shown = [...shown].sort((one, other) => compare(one[view.column], other[view.column]) * (view.up ? 1 : -1));
    heads.forEach((node, index) => node.setAttribute("aria-sort", index !== view.column ? "none" : view.up ? "ascending" : "descending"));
    const pages = Math.max(1, Math.ceil(shown.length / size));
    view.page = Math.min(view.page, pages - 1);
    const start = view.page * size;
    fill(body, shown.slice(start, start + size).map((row) => h("tr", null, row.map((cell, index) => h(index === rowHeader ? "th" : "td", { scope: index === rowHeader ? "row" : null, class: cellClass(null, cell) }, cellNodes(cell))))));
    counter.textContent = shown.length ? `${start + 1}–${Math.min(start + size, shown.length)} of ${shown.length}` : "No rows";
    before.disabled = view.page === 0;
    after.disabled = view.page >= pages - 1;
  }
  draw();
  return h(
    "div",
    { class: "data-table" },
    h("div", { class: "data-table-head" }, h("span", { class: "data-table-caption", "aria-hidden": "true" }, block.caption), rows.length > size ? filter : null),
    scroller(block.caption ?? "Table", h("table", { class: "table" }, h("caption", { class: "visually-hidden" }, block.caption), h("thead", null, h("tr", null, heads)), body)),
    rows.length > size ? h("div", { class: "pager" }, counter, before, after) : null,
  );
}
