/**
 * The address of what is shown: `#/PERSON/PLACE`, `#/PERSON/home`, `#/PERSON/PLACE/THREAD`, and of one message
 * `#/PERSON/PLACE/THREAD/MESSAGE`. A part that is not known is `-`.
 */
import { changed, currentPlace, remember, remembered, state } from "./state.js";

/** The parts of the present address, each null when it is absent. */
export function readAddress(hash = window.location.hash) {
  const [user, place, thread, spot] = hash.replace(/^#\/?/, "").split("/").map((part) => (part === "-" ? null : decodeURIComponent(part)));
  return { user: user || null, place: place || null, thread: thread || null, spot: spot || null };
}

const PERMALINK = /^archives\/([CDG][A-Z0-9]+)\/p(\d{10})(\d{6})(?:\?thread_ts=(\d+\.\d+).*)?$/;

/** Where a link to a message of this workspace leads on this page, or one to the app's Home; null for any other link. */
export function addressOfLink(href) {
  const base = state.app?.team.url;
  if (base && href.startsWith(base)) {
    const [, place, seconds, rest, thread] = PERMALINK.exec(href.slice(base.length)) ?? [];
    return place ? `#/${[state.me ?? "-", place, thread ?? "-", `${seconds}.${rest}`].join("/")}` : null;
  }
  return /^slack:\/\/app\?/.test(href) ? `#/${state.me ?? "-"}/home` : null;
}

/** The link to a message that people copy and paste. */
export function linkToMessage(place, message) {
  const thread = message.thread_ts && message.thread_ts !== message.ts ? `?thread_ts=${message.thread_ts}&cid=${place}` : "";
  return `${state.app?.team.url}archives/${place}/p${message.ts.replace(".", "")}${thread}`;
}

/** Goes to a place; the address, the history and everything that shows it follow. */
export function go({ user = state.me, place = state.place, thread = null, spot = null }) {
  const parts = spot ? [user, place, thread ?? "-", spot] : [user, place, thread];
  const hash = `#/${parts.filter(Boolean).join("/")}`;
  document.body.dataset.view = "place";
  if (window.location.hash === hash) changed("route");
  else window.location.hash = hash;
}

/** Where a person was last, or their direct messages with the app. */
export function placeFor(user, wanted) {
  const candidates = [wanted, remembered(`place.${user}`)];
  for (const candidate of candidates) {
    if (candidate === "home" || state.places.some((place) => place.id === candidate)) return candidate;
  }
  return (state.places.find((place) => place.kind === "dm") ?? state.places[0])?.id ?? "home";
}

export const isHome = () => state.place === "home";

/** Remembers who and where, for the next visit without an address. */
export function rememberRoute() {
  remember("person", state.me);
  remember(`place.${state.me}`, state.place);
  const place = isHome() ? (state.app?.app.name ?? "App") : (currentPlace()?.name ?? "");
  document.title = `${place ? `${place} · ` : ""}${state.app?.team.name ?? "Sandbox"}`;
}
