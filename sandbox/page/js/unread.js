/** What a person has not seen yet, remembered per person in this browser. */
import { changed, now, on, remember, remembered, state } from "./state.js";
import { instantOfTs } from "./time.js";

let seen = {};
let owner = null;

function load() {
  if (owner === state.me) return;
  owner = state.me;
  seen = remembered(`seen.${owner}`) ?? {};
}

/** The `ts` up to which the present person has read a place. */
export function seenUpTo(place) {
  load();
  const ts = seen[place] ?? "0";
  // A sandbox that was started anew may be at an earlier time than this browser remembers.
  return instantOfTs(ts) > now() + 1000 ? "0" : ts;
}

/** How many messages of others the present person has not seen there. */
export function unreadCount(place) {
  const since = Number(seenUpTo(place));
  const messages = state.screens.get(place)?.messages ?? [];
  return messages.filter((message) => !message.ephemeral && message.user !== state.me && Number(message.ts) > since).length;
}

/** Marks everything in a place as read, if it can be read: on a phone the list may stand before it. */
export function markSeen(place) {
  if (document.visibilityState !== "visible" || !document.getElementById("main").checkVisibility()) return;
  load();
  const last = (state.screens.get(place)?.messages ?? []).reduce((most, message) => (Number(message.ts) > Number(most) ? message.ts : most), "0");
  if (last === "0" || last === seenUpTo(place)) return;
  seen[place] = last;
  remember(`seen.${owner}`, seen);
  changed("unread");
}

on("app", () => {
  owner = null;
});
