/** A scrolled list of messages that stays where the reader is while it changes. */
import { MOST_MESSAGES } from "./api.js";
import { h, reconcile } from "./dom.js";
import { authorOf, isSystem, messageNode } from "./message.js";
import { now, state, zone } from "./state.js";
import { dayKey, dayName, instantOfTs } from "./time.js";

/** A date that says "today" says "yesterday" a day later. */
const SAYS_DAY = /_pretty\}/;
const GROUP_MS = 5 * 60_000;
const NEAR_END_PX = 80;
const NO_HOVER = window.matchMedia("(hover: none), (max-width: 720px)");
const hidden = new Set();

const byTs = (one, other) => Number(one.ts) - Number(other.ts);
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

/** The messages of the place itself (replies only when they were sent to the channel too), oldest first. */
export const topLevel = (messages) => messages.filter((message) => (!isReply(message) || message.subtype === "thread_broadcast") && !hidden.has(message.ts)).sort(byTs);

/** The replies to a message, oldest first. */
export const repliesTo = (messages, ts) => messages.filter((message) => isReply(message) && message.thread_ts === ts && !message.ephemeral).sort(byTs);

/** Cards of the app stand alone; only what was written in words runs on under one name. */
const isWords = (message) => !message.attachments?.length && (message.blocks ?? []).every((block) => block.type === "rich_text");

const follows = (message, before) =>
  before && isWords(message) && isWords(before) && !isSystem(before) && !isSystem(message) && authorOf(before) === authorOf(message) && before.username === message.username && !before.ephemeral && !message.ephemeral && instantOfTs(message.ts) - instantOfTs(before.ts) < GROUP_MS;

/**
 * The rows for `messages`. A row is drawn again only when something it shows has changed; the day names and
 * "n minutes ago" depend on the clock, so `dayKey(now)` and the minute are part of their signatures.
 */
function rows(messages, place, { inThread, newAfter, redraw }) {
  const at = now();
  const items = [];
  let before = null;
  let markedNew = newAfter === null;
  if (!inThread && (state.screens.get(place)?.messages.length ?? 0) >= MOST_MESSAGES) {
    items.push({ key: "older", signature: "older", build: () => h("p", { class: "empty", role: "listitem" }, `Only the latest ${MOST_MESSAGES} messages are shown.`) });
  }
  for (const message of messages) {
    const day = dayKey(instantOfTs(message.ts), zone());
    if (!before || dayKey(instantOfTs(before.ts), zone()) !== day) {
      const name = dayName(instantOfTs(message.ts), zone(), at);
      if (!inThread) items.push({ key: `day-${day}`, signature: name, build: () => h("div", { class: "day", role: "listitem" }, h("span", null, name)) });
      before = null;
    }
    if (!markedNew && !message.ephemeral && message.user !== state.me && Number(message.ts) > Number(newAfter)) {
      markedNew = true;
      items.push({ key: "new", signature: newAfter, build: () => h("div", { class: "new-line", role: "listitem" }, h("span", null, "New")) });
      before = null;
    }
    const compact = Boolean(follows(message, before));
    const thread = inThread ? [] : repliesTo(state.screens.get(place)?.messages ?? [], message.ts);
    const author = state.people.get(message.user);
    const shows = JSON.stringify({ ...message, state: null });
    items.push({
      key: `m-${message.ts}`,
      signature: JSON.stringify([shows, SAYS_DAY.test(shows) ? dayKey(at, zone()) : null, compact, thread.map((one) => [one.ts, one.user]), thread.length ? Math.floor(at / 60_000) : 0, state.me, zone(), author?.name, author?.color, state.app?.shortcuts?.length]),
      build: () =>
        messageNode(message, place, {
          compact,
          thread,
          inThread,
          now: at,
          dismiss: () => {
            hidden.add(message.ts);
            redraw();
          },
        }),
    });
    before = message;
  }
  return items;
}

/** A list host; `show(messages, place, options)` brings it up to date. */
export function messageList(label) {
  const list = h("div", { class: "message-list", role: "list", "aria-label": label });
  const scroller = h("div", { class: "messages", tabindex: "-1" }, list);
  const latest = h("button", { type: "button", class: "jump-latest", hidden: true }, "New messages below");
  let shown = null;
  let last = null;
  let following = true;

  const atEnd = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END_PX;
  const toEnd = () => {
    scroller.scrollTop = scroller.scrollHeight;
    following = true;
    latest.hidden = true;
  };
  scroller.addEventListener("scroll", () => {
    following = atEnd();
    if (following) latest.hidden = true;
  });
  // A finger has no hover: a tap on a message shows what can be done with it.
  list.addEventListener("click", (event) => {
    if (!NO_HOVER.matches || event.target.closest("button,a,input,textarea,label,summary")) return;
    const message = event.target.closest(".message");
    const again = message?.classList.contains("touched");
    for (const other of list.querySelectorAll(".touched")) other.classList.remove("touched");
    message?.classList.toggle("touched", !again);
  });
  // One message is a stop of the Tab key; the arrow keys go on from it, as in Slack.
  const rowsOf = () => [...list.querySelectorAll(":scope > .message")];
  const oneStop = (chosen = null) => {
    const all = rowsOf();
    const wanted = chosen ?? all.find((one) => one.contains(document.activeElement));
    for (const one of all) one.tabIndex = -1;
    const stop = wanted?.isConnected ? wanted : all.at(-1);
    if (stop) stop.tabIndex = 0;
  };
  list.addEventListener("keydown", (event) => {
    if (!event.target.matches(".message")) return;
    const all = rowsOf();
    const at = all.indexOf(event.target);
    const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || !all[next]) return;
    event.preventDefault();
    oneStop(all[next]);
    all[next].focus();
  });

  // Marked by a class, not by :focus: what can be done with a message must still stand when the focus moves into it.
  list.addEventListener("focusin", (event) => {
    if (event.target.matches(":focus-visible")) event.target.closest(".message")?.classList.add("current");
  });
  list.addEventListener("focusout", (event) => {
    const message = event.target.closest(".message");
    if (!message?.contains(event.relatedTarget)) message?.classList.remove("current");
  });

  /** Brings the message of a link before the reader's eyes; false when it is not in this list. */
  const toSpot = () => {
    const node = state.spot && rowsOf().find((one) => one.dataset.ts === state.spot);
    if (!node) return false;
    following = false;
    oneStop(node);
    node.scrollIntoView({ block: "center" });
    node.classList.add("spot");
    return true;
  };
  latest.addEventListener("click", toEnd);
  // Pictures and folded text change the height later; a reader at the end stays at the end.
  new ResizeObserver(() => following && (scroller.scrollTop = scroller.scrollHeight)).observe(list);

  const show = (messages, place, { inThread = false, newAfter = null, key = place, empty } = {}) => {
    const fresh = shown !== key;
    const stay = following || fresh;
    const top = scroller.scrollTop;
    const items = rows(messages, place, { inThread, newAfter, redraw: () => show(messages.filter((message) => !hidden.has(message.ts)), place, { inThread, newAfter, key, empty }) });
    if (!messages.length && empty) {
      // "Loading" and "No messages yet" are two rows: the one is replaced by the other.
      const node = empty();
      items.push({ key: "empty", signature: node.textContent, build: () => node });
    }
    if (fresh) list.replaceChildren();
    reconcile(list, items);
    oneStop();
    const newest = messages.at(-1);
    const mine = newest && newest.user === state.me && newest.ts !== last;
    if (toSpot()) shown = key;
    else if (stay || mine) toEnd();
    else {
      scroller.scrollTop = top;
      if (newest && newest.ts !== last) latest.hidden = false;
    }
    last = newest?.ts ?? null;
    shown = key;
  };
  return { node: h("div", { class: "messages-wrap" }, scroller, latest), show, toEnd };
}
