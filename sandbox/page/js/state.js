/**
 * What the page knows. One plain object, changed only through the functions here and in `live.js`;
 * parts of the page listen to the topics they show.
 *
 * Topics: "app", "people", "places", "screen" (detail: place id), "route", "clock", "unread".
 */

export const state = {
  app: null,
  people: new Map(),
  places: [],
  screens: new Map(),
  me: null,
  place: null,
  thread: null,
  /** The message a link led to, until it has been shown. */
  spot: null,
  clock: { now: Date.now(), at: performance.now(), running: true, followers: 0 },
};

const listeners = new Map();

/** Calls `listener(detail)` whenever `topic` changes. */
export function on(topic, listener) {
  if (!listeners.has(topic)) listeners.set(topic, new Set());
  listeners.get(topic).add(listener);
}

/** Tells everybody who shows `topic`. */
export function changed(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** The sandbox's present instant in milliseconds since 1970. */
export function now() {
  const { now: base, at, running } = state.clock;
  return running ? base + (performance.now() - at) : base;
}

export const me = () => state.people.get(state.me) ?? null;
export const zone = () => me()?.tz || "UTC";
export const currentPlace = () => state.places.find((place) => place.id === state.place) ?? null;
export const currentScreen = () => state.screens.get(state.place) ?? null;

/** Whether people can write there: an app can have its messages read-only. */
export function mayWriteIn(id) {
  const place = state.places.find((one) => one.id === id);
  return !(place?.with_app && state.app?.app.dm_enabled === false);
}

/** The name to show for a person id; an unknown id is shown as it is. */
export function personName(id) {
  const person = state.people.get(id);
  if (person) return person.display_name || person.real_name || person.name || id;
  if (state.app && (id === state.app.app.bot_user_id || id === state.app.app.bot_id)) return state.app.app.name;
  return id;
}

export const isApp = (id) => Boolean(state.app && (id === state.app.app.bot_user_id || id === state.app.app.bot_id));

/** Reads a remembered value; null when there is none or storage is forbidden. */
export function remembered(key) {
  try {
    return JSON.parse(window.localStorage.getItem(`sandbox.${key}`));
  } catch {
    return null;
  }
}

/** Remembers a value in this browser, where that is allowed. */
export function remember(key, value) {
  try {
    if (key === "theme") window.localStorage.setItem("sandbox.theme", value);
    else window.localStorage.setItem(`sandbox.${key}`, JSON.stringify(value));
  } catch {
    // Nothing depends on it: the page only forgets a preference.
  }
}
