/** The address of what is shown: `#/PERSON/PLACE`, `#/PERSON/home`, `#/PERSON/PLACE/THREAD`. */
import { changed, currentPlace, remember, remembered, state } from "./state.js";

/** The parts of the present address, each null when it is absent. */
export function readAddress(hash = window.location.hash) {
  const [user, place, thread] = hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  return { user: user || null, place: place || null, thread: thread || null };
}

/** Goes to a place; the address, the history and everything that shows it follow. */
export function go({ user = state.me, place = state.place, thread = null }) {
  const hash = `#/${[user, place, thread].filter(Boolean).join("/")}`;
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
