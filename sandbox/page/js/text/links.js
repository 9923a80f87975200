/** Links, mentions and dates: the parts of text that are more than text. */
import { h } from "../dom.js";
import { addressOfLink } from "../route.js";
import { now, personName, state, zone } from "../state.js";
import { instantOfTs, longStamp, slackDate } from "../time.js";

const SCHEMES = new Set(["http:", "https:", "mailto:", "tel:", "slack:"]);

/** The address if a browser may follow it, else null (`javascript:` and the like are never followed). */
export function safeAddress(address) {
  try {
    const url = new URL(address);
    return SCHEMES.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** A link with children; only its text when the address is not one to follow. */
export function link(address, children) {
  const href = safeAddress(address);
  if (!href) return h("span", { title: address }, children);
  const here = addressOfLink(href);
  if (here) return h("a", { href: here, title: address }, children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", title: address }, children);
}

export function userMention(id, label) {
  const known = state.people.has(id);
  const mine = id === state.me;
  return h("span", { class: `mention${mine ? " mention-me" : ""}`, title: id }, `@${known || !label ? personName(id) : label}`);
}

export function channelMention(id, label) {
  const place = state.places.find((one) => one.id === id);
  const name = (place?.name ?? label ?? "private channel").replace(/^#/, "");
  if (!place) return h("span", { class: "mention", title: id }, `#${name}`);
  return h("a", { class: "mention", href: `#/${state.me}/${id}` }, `#${name}`);
}

export function broadcast(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}

export function groupMention(id, label) {
  return h("span", { class: "mention", title: id }, label ? (label.startsWith("@") ? label : `@${label}`) : `@${id}`);
}

/** A date in the reader's time zone; `fallback` when the timestamp is not one. */
export function dateText(seconds, pattern, address, fallback) {
  const instant = instantOfTs(String(seconds));
  if (!Number.isFinite(instant)) return document.createTextNode(fallback ?? "");
  const text = slackDate(pattern, instant, zone(), now());
  const node = h("time", { datetime: new Date(instant).toISOString(), title: longStamp(instant, zone()) }, text);
  return address ? link(address, node) : node;
}
