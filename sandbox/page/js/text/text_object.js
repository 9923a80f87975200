/** Block Kit's text objects. */
import { withEmoji } from "./emoji.js";
import { mrkdwn } from "./mrkdwn.js";

/** A `plain_text` or `mrkdwn` object as nodes; a plain string is taken as plain text. */
export function textNodes(text) {
  if (text === null || text === undefined) return [];
  if (typeof text === "string") return [withEmoji(text)];
  if (text.type === "mrkdwn") return mrkdwn(text.text, { verbatim: text.verbatim });
  return [plainText(text)];
}

/** A text object as a string, for names and labels. */
export function plainText(text) {
  if (text === null || text === undefined) return "";
  if (typeof text === "string") return withEmoji(text);
  if (text.type === "mrkdwn") return mrkdwn(text.text).map((node) => node.textContent).join("");
  return text.emoji === false ? text.text : withEmoji(text.text);
}
