/** One message: who, when, what, and what can be done with it. */
import { act } from "./act.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks/index.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./notices.js";
import { openMenu } from "./popover.js";
import { go, linkToMessage } from "./route.js";
import { isApp, mayWriteIn, personName, state, zone } from "./state.js";
import { messageSurface } from "./surfaces.js";
import { ago, instantOfTs, longStamp, timeOf } from "./time.js";
import { emojiOf } from "./text/emoji.js";
import { link } from "./text/links.js";
import { mrkdwn } from "./text/mrkdwn.js";

const SYSTEM = new Set(["channel_join", "channel_leave", "channel_topic", "channel_purpose", "channel_name", "channel_archive"]);

export const authorOf = (message) => message.user ?? message.bot_id ?? "";
export const isSystem = (message) => SYSTEM.has(message.subtype);
const nameOf = (message) => message.username || personName(authorOf(message));
const fromApp = (message) => Boolean(message.bot_id) || isApp(message.user) || state.people.get(message.user)?.is_bot;

/** Messages of people arrive as rich text and mrkdwn both; the rich text is what they typed. */
function body(message, place) {
  const surface = messageSurface(place, message.ts);
  surface.values.known = message.state?.values ?? {};
  const parts = message.blocks?.length ? renderBlocks(message.blocks, surface) : [h("div", { class: "text" }, mrkdwn(message.text))];
  for (const attachment of message.attachments ?? []) parts.push(attachmentNode(attachment, surface));
  return parts;
}

function attachmentNode(attachment, surface) {
  const node = h(
    "div",
    { class: "attachment" },
    attachment.pretext ? h("div", { class: "text" }, mrkdwn(attachment.pretext)) : null,
    attachment.title ? h("div", { class: "attachment-title" }, attachment.title_link ? link(attachment.title_link, attachment.title) : attachment.title) : null,
    attachment.blocks?.length ? renderBlocks(attachment.blocks, surface) : h("div", { class: "text" }, mrkdwn(attachment.text ?? attachment.fallback ?? "")),
    attachment.fields?.length ? h("div", { class: "fields" }, attachment.fields.map((field) => h("div", { class: "field text" }, h("strong", null, field.title), h("br"), mrkdwn(field.value)))) : null,
    attachment.footer ? h("div", { class: "attachment-footer" }, attachment.footer) : null,
  );
  if (/^#?[0-9a-f]{6}$/i.test(attachment.color ?? "")) node.style.borderLeftColor = `#${attachment.color.replace("#", "")}`;
  return node;
}

async function copyLink(place, message) {
  const address = linkToMessage(place, message);
  try {
    await navigator.clipboard.writeText(address);
    notice("Link copied.");
  } catch {
    notice(address);
  }
}

function tools(message, place, { inThread }) {
  const canReply = !inThread && mayWriteIn(place);
  const shortcuts = (state.app?.shortcuts ?? []).filter((shortcut) => shortcut.type === "message");
  const run = (shortcut) => act({ place, action: "shortcut", callback_id: shortcut.callback_id, message_ts: message.ts });
  if (message.ephemeral) return null;
  const more = h("button", { type: "button", class: "icon-button", "aria-label": "More message actions", "aria-haspopup": "menu", "aria-expanded": "false", title: "More actions" }, icon("more"));
  more.addEventListener("click", () =>
    openMenu(
      more,
      [
        canReply ? { label: "Reply in thread", icon: icon("thread"), run: () => go({ thread: message.thread_ts ?? message.ts }) } : null,
        { label: "Copy link", icon: icon("link"), run: () => copyLink(place, message) },
        shortcuts.length ? { heading: "Message shortcuts" } : null,
        ...shortcuts.map((shortcut) => ({ label: shortcut.name, detail: shortcut.description, icon: icon("bolt"), run: () => run(shortcut) })),
      ].filter(Boolean),
      { label: "Message actions", minWidth: 240 },
    ),
  );
  return h(
    "div",
    { class: "message-tools", role: "toolbar", "aria-label": "Message actions" },
    canReply ? h("button", { type: "button", class: "icon-button", "aria-label": "Reply in thread", title: "Reply in thread", on: { click: () => go({ thread: message.thread_ts ?? message.ts }) } }, icon("thread")) : null,
    more,
  );
}

function replies(message, thread, now) {
  const last = thread.at(-1);
  const people = [...new Set(thread.map(authorOf))].slice(0, 4);
  return h(
    "button",
    { type: "button", class: "replies", on: { click: () => go({ thread: message.ts }) } },
    h("span", { class: "replies-people" }, people.map((id) => avatar(id, 22))),
    h("span", { class: "replies-count" }, `${thread.length} ${thread.length === 1 ? "reply" : "replies"}`),
    h("span", { class: "replies-last" }, `Last reply ${ago(instantOfTs(last.ts), now)}`),
  );
}

const reactions = (message) =>
  message.reactions?.length
    ? h("div", { class: "reactions" }, message.reactions.map((one) => h("span", { class: "reaction", title: (one.users ?? []).map(personName).join(", ") }, emojiOf(one.name) ?? `:${one.name}:`, " ", one.count ?? one.users?.length ?? 1)))
    : null;

/**
 * A message as a list item. `compact`: it follows one of the same person, so name and avatar are left out.
 * `thread`: its replies. `inThread`: it stands in the thread pane. `dismiss`: hides an ephemeral one.
 */
export function messageNode(message, place, { compact = false, thread = [], inThread = false, now, dismiss } = {}) {
  const instant = instantOfTs(message.ts);
  const time = h("time", { class: "message-time", datetime: new Date(instant).toISOString(), title: longStamp(instant, zone()) }, timeOf(instant, zone()));
  if (isSystem(message)) {
    return h("div", { class: "message message-system", role: "listitem" }, h("span", { class: "gutter" }), h("div", { class: "message-main" }, h("span", { class: "message-name" }, nameOf(message)), " ", h("span", { class: "text" }, mrkdwn(message.text)), " ", time));
  }
  const edited = message.edited ? h("span", { class: "edited", title: message.edited.ts ? longStamp(instantOfTs(message.edited.ts), zone()) : null }, "(edited)") : null;
  const head = compact
    ? null
    : h("div", { class: "message-head" }, h("span", { class: "message-name" }, nameOf(message)), fromApp(message) ? h("span", { class: "app-badge" }, "APP") : null, time);
  const ephemeral = message.ephemeral
    ? h("div", { class: "ephemeral-note" }, icon("eye", 14), "Only visible to you", dismiss ? h("button", { type: "button", class: "link-button", on: { click: dismiss } }, "Dismiss") : null)
    : null;
  return h(
    "div",
    { class: `message${compact ? " compact" : ""}${message.ephemeral ? " ephemeral" : ""}`, role: "listitem", tabindex: "-1", data: { ts: message.ts, focusKey: `m-${message.ts}` } },
    h("span", { class: "gutter" }, compact ? time : avatar(authorOf(message), 36)),
    h("div", { class: "message-main" }, ephemeral, head, h("div", { class: "message-body" }, body(message, place), edited), reactions(message), thread.length && !inThread ? replies(message, thread, now) : null),
    tools(message, place, { inThread }),
  );
}
