/**
 * Slack's `mrkdwn` as DOM nodes. The text arrives with `&`, `<` and `>` escaped; whatever stands in real
 * angle brackets is a link, a mention or a date, and everything else is text.
 */
import { h } from "../dom.js";
import { emojiOf } from "./emoji.js";
import { broadcast, channelMention, dateText, groupMention, link, userMention } from "./links.js";

const decode = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

const CONTROL = /<([^<>\n]+)>/g;
const BARE_ADDRESS = /\bhttps?:\/\/[^\s<>"'`*~]+[^\s<>"'`*~.,:;!?)\]}]/g;
const SHORTCODE = /:([a-z0-9_+-]+(?:::skin-tone-[2-6])?):/g;

/** The nodes of one `<…>` sequence. */
function control(body) {
  const bar = body.indexOf("|");
  const target = bar < 0 ? body : body.slice(0, bar);
  const label = bar < 0 ? null : decode(body.slice(bar + 1));
  if (/^@[UW][A-Z0-9]+$/.test(target)) return userMention(target.slice(1), label);
  if (/^#[CGD][A-Z0-9]+$/.test(target)) return channelMention(target.slice(1), label);
  if (target.startsWith("!date^")) {
    const [, seconds, pattern, address] = target.split("^");
    return dateText(seconds, decode(pattern ?? ""), address ? decode(address) : null, label);
  }
  if (target.startsWith("!subteam^")) return groupMention(target.slice(9), label);
  if (/^!(here|channel|everyone)$/.test(target)) return broadcast(target.slice(1));
  if (target.startsWith("!")) return document.createTextNode(label ?? `<${target}>`);
  const address = decode(target);
  return link(address, label ?? address.replace(/^(mailto|tel):/, ""));
}

/** Plain characters: entities decoded, shortcodes as emoji. */
function characters(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(SHORTCODE)) {
    const emoji = emojiOf(match[1]);
    if (!emoji) continue;
    if (match.index > from) nodes.push(document.createTextNode(decode(text.slice(from, match.index))));
    nodes.push(h("span", { class: "emoji", role: "img", "aria-label": match[1].replaceAll("_", " "), title: match[0] }, emoji));
    from = match.index + match[0].length;
  }
  if (from < text.length) nodes.push(document.createTextNode(decode(text.slice(from))));
  return nodes;
}

function addresses(text, verbatim) {
  if (verbatim) return characters(text);
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(BARE_ADDRESS)) {
    nodes.push(...characters(text.slice(from, match.index)), link(decode(match[0]), decode(match[0])));
    from = match.index + match[0].length;
  }
  return [...nodes, ...characters(text.slice(from))];
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const isWordCharacter = (character) => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Where the closing mark of the run opened at `start` stands, or -1. It closes on the same line. */
function closing(text, start, mark) {
  for (let index = start + 1; index < text.length && text[index] !== "\n"; index += 1) {
    if (text[index] === "<") {
      const end = text.indexOf(">", index);
      if (end > 0) index = end;
    } else if (text[index] === mark && index > start + 1 && !/\s/.test(text[index - 1]) && !isWordCharacter(text[index + 1])) {
      return index;
    }
  }
  return -1;
}

/** Inline text: code, bold, italic, strike, links and mentions. */
function inline(text, verbatim) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(...addresses(plain, verbatim));
    plain = "";
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "<") {
      CONTROL.lastIndex = index;
      const match = CONTROL.exec(text);
      if (match && match.index === index) {
        flush();
        nodes.push(control(match[1]));
        index += match[0].length - 1;
        continue;
      }
    }
    if (character === "`") {
      const end = text.indexOf("`", index + 1);
      if (end > index + 1 && !text.slice(index, end).includes("\n")) {
        flush();
        nodes.push(h("code", { class: "code" }, codeText(text.slice(index + 1, end))));
        index = end;
        continue;
      }
    }
    const opens = MARKS[character] && !isWordCharacter(text[index - 1]) && text[index + 1] && !/\s/.test(text[index + 1]) && text[index + 1] !== character;
    const end = opens ? closing(text, index, character) : -1;
    if (end > 0) {
      flush();
      nodes.push(h(MARKS[character], null, inline(text.slice(index + 1, end), verbatim)));
      index = end;
      continue;
    }
    plain += character;
  }
  flush();
  return nodes;
}

/** Code shows characters only; a link inside it shows its address. */
const codeText = (text) => decode(text.replace(CONTROL, (_, body) => body.split("|").at(-1)));

/** Lines with breaks; a line that starts like a list item hangs under its mark. */
function lines(text, verbatim) {
  const nodes = [];
  const all = text.split("\n");
  let afterBlock = true;
  let paragraph = [];
  const flush = () => {
    if (paragraph.length) nodes.push(...inline(paragraph.join("\n"), verbatim));
    paragraph = [];
  };
  all.forEach((line) => {
    const item = /^(\s*)([•◦▪–-]|\d{1,3}[.)])[ \u00a0]+(\S.*)$/.exec(line);
    if (item) {
      flush();
      nodes.push(h("div", { class: `hanging hanging-${Math.min(3, Math.floor(item[1].length / 2))}` }, h("span", { class: "hanging-mark" }, item[2] === "-" ? "-" : item[2]), h("span", null, inline(item[3], verbatim))));
      afterBlock = true;
      return;
    }
    if (!afterBlock) paragraph.push(line);
    else paragraph = [line];
    afterBlock = false;
  });
  flush();
  return nodes;
}

/** Quotes (`>` at the start of a line, `>>>` for all that follows) around lines. */
function quotes(text, verbatim) {
  const nodes = [];
  let quoted = null;
  let plain = null;
  const flush = () => {
    if (quoted !== null) nodes.push(h("blockquote", { class: "quote" }, lines(quoted.join("\n"), verbatim)));
    if (plain !== null && plain.join("\n") !== "") nodes.push(...lines(plain.join("\n"), verbatim));
    quoted = plain = null;
  };
  const all = text.split("\n");
  for (let index = 0; index < all.length; index += 1) {
    const rest = /^(?:&gt;|>){3}\s?/.exec(all[index]);
    if (rest) {
      flush();
      quoted = [all[index].slice(rest[0].length), ...all.slice(index + 1)];
      break;
    }
    const mark = /^(?:&gt;|>)\s?/.exec(all[index]);
    if (mark && !all[index].startsWith("<")) {
      if (quoted === null) flush();
      (quoted ??= []).push(all[index].slice(mark[0].length));
    } else {
      if (plain === null) flush();
      (plain ??= []).push(all[index]);
    }
  }
  flush();
  return nodes;
}

/** `text` in Slack's mrkdwn as an array of nodes. `verbatim` leaves bare addresses alone. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  const parts = String(text ?? "").split("```");
  parts.forEach((part, index) => {
    const isCode = index % 2 === 1 && index < parts.length - 1;
    if (isCode) {
      nodes.push(h("pre", { class: "code-block" }, codeText(part.replace(/^\n/, "").replace(/\n$/, ""))));
      return;
    }
    let piece = index % 2 === 1 ? `\`\`\`${part}` : part;
    if (index > 0 && index % 2 === 0) piece = piece.replace(/^\n/, "");
    if (index < parts.length - 2) piece = piece.replace(/\n$/, "");
    if (piece) nodes.push(...quotes(piece, verbatim));
  });
  return nodes;
}
