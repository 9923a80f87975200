/** Standard Markdown (the `markdown` block and the Start here note) as DOM nodes. */
import { h } from "../dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./links.js";

const INLINE = new RegExp(
  [
    /(?<code>`+)(?<codeText>.+?)\k<code>/,
    /!?\[(?<label>(?:[^\[\]]|\[[^\]]*\])*)\]\((?<address>[^\s)]+)(?:\s+"[^"]*")?\)/,
    /<(?<auto>(?:https?:\/\/|mailto:)[^\s<>]+)>/,
    /(?<bold>\*\*|__)(?=\S)(?<boldText>.+?)(?<=\S)\k<bold>/,
    /~~(?=\S)(?<strikeText>.+?)(?<=\S)~~/,
    /(?<italic>[*_])(?=\S)(?<italicText>(?:(?!\k<italic>).)+?)(?<=\S)\k<italic>(?![\p{L}\p{N}])/,
    /(?<bare>https?:\/\/[^\s<>"']+[^\s<>"'.,:;!?)\]}])/,
    /\\(?<escaped>[\\`*_{}[\]()#+.!~|<>-])/,
  ].map((one) => one.source).join("|"),
  "gu",
);

/** One line's nodes. */
function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    const group = match.groups;
    const before = text[match.index - 1];
    if (group.italic === "_" && before && /[\p{L}\p{N}]/u.test(before)) continue;
    if (match.index < from) continue;
    nodes.push(withEmoji(text.slice(from, match.index)));
    from = match.index + match[0].length;
    if (group.codeText !== undefined) nodes.push(h("code", { class: "code" }, group.codeText));
    else if (group.label !== undefined) nodes.push(markdownLink(group.address, inline(group.label)));
    else if (group.auto || group.bare) nodes.push(markdownLink(group.auto ?? group.bare, group.auto ?? group.bare));
    else if (group.boldText !== undefined) nodes.push(h("strong", null, inline(group.boldText)));
    else if (group.strikeText !== undefined) nodes.push(h("s", null, inline(group.strikeText)));
    else if (group.italicText !== undefined) nodes.push(h("em", null, inline(group.italicText)));
    else nodes.push(group.escaped);
  }
  nodes.push(withEmoji(text.slice(from)));
  return nodes;
}

/** Links inside the page ("#/U1/C1") stay in it; others open beside it. */
function markdownLink(address, children) {
  return /^#\/[\w/]+$/.test(address) ? h("a", { href: address }, children) : link(address, children);
}

const BULLET = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;

/** The list that starts at `start`: its node and the line after it. */
function list(rows, start) {
  const first = BULLET.exec(rows[start]);
  const depth = first[1].length;
  const ordered = /\d/.test(first[2]);
  const node = h(ordered ? "ol" : "ul", { class: "md-list", start: ordered ? Number.parseInt(first[2], 10) : null });
  let index = start;
  while (index < rows.length) {
    const item = BULLET.exec(rows[index]);
    if (item && item[1].length >= depth + 2 && node.lastElementChild) {
      const inner = list(rows, index);
      node.lastElementChild.append(inner.node);
      index = inner.next;
      continue;
    }
    if (item && item[1].length >= depth && /\d/.test(item[2]) === ordered) {
      const task = /^\[([ xX])\]\s+(.*)$/.exec(item[3]);
      const body = task ? [task[1] === " " ? "☐ " : "☑ ", ...inline(task[2])] : inline(item[3]);
      node.append(h("li", null, body));
      index += 1;
    } else if (!item && rows[index].trim() && /^\s{2,}/.test(rows[index]) && node.lastElementChild) {
      node.lastElementChild.append(" ", ...inline(rows[index].trim()).map((part) => (part instanceof Node ? part : document.createTextNode(part))));
      index += 1;
    } else break;
  }
  return { node, next: index };
}

const cells = (row) => row.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());

function table(rows, start) {
  let index = start + 2;
  const body = [];
  while (index < rows.length && rows[index].includes("|") && rows[index].trim()) {
    body.push(h("tr", null, cells(rows[index]).map((cell) => h("td", null, inline(cell)))));
    index += 1;
  }
  const head = h("thead", null, h("tr", null, cells(rows[start]).map((cell) => h("th", { scope: "col" }, inline(cell)))));
  return { node: h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" }, h("table", { class: "table" }, head, h("tbody", null, body))), next: index };
}

/** Markdown text as an array of block nodes. */
export function markdown(text) {
  const rows = String(text ?? "").replaceAll("\r\n", "\n").split("\n");
  const nodes = [];
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) {
      nodes.push(h("p", { class: "md-paragraph" }, paragraph.flatMap((row, at) => [at ? h("br") : null, ...inline(row.trim())])));
    }
    paragraph = [];
  };
  let index = 0;
  while (index < rows.length) {
    const row = rows[index];
    const fence = /^\s*(```+|~~~+)/.exec(row);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(row);
    if (fence) {
      flush();
      let end = index + 1;
      while (end < rows.length && !rows[end].trim().startsWith(fence[1])) end += 1;
      nodes.push(h("pre", { class: "code-block" }, rows.slice(index + 1, end).join("\n")));
      index = end + 1;
    } else if (heading) {
      flush();
      nodes.push(h(`h${Math.min(6, heading[1].length + 1)}`, { class: `md-heading md-heading-${heading[1].length}` }, inline(heading[2])));
      index += 1;
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(row)) {
      flush();
      nodes.push(h("hr", { class: "divider" }));
      index += 1;
    } else if (/^\s*>/.test(row)) {
      flush();
      let end = index;
      while (end < rows.length && /^\s*>/.test(rows[end])) end += 1;
      nodes.push(h("blockquote", { class: "quote" }, markdown(rows.slice(index, end).map((one) => one.replace(/^\s*>\s?/, "")).join("\n"))));
      index = end;
    } else if (BULLET.test(row)) {
      flush();
      const found = list(rows, index);
      nodes.push(found.node);
      index = found.next;
    } else if (row.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(rows[index + 1] ?? "") && rows[index + 1].includes("-")) {
      flush();
      const found = table(rows, index);
      nodes.push(found.node);
      index = found.next;
    } else if (!row.trim()) {
      flush();
      index += 1;
    } else {
      paragraph.push(row);
      index += 1;
    }
  }
  flush();
  return nodes;
}
