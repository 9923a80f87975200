/**
 * Keeps the page up to date: the server says what changed, and only that is fetched again. A broken
 * connection is opened again, and then everything is fetched, because something may have been missed.
 */
import { api } from "./api.js";
import { changed, state } from "./state.js";

const RETRY_MS = 1000;
const dirty = { screens: new Set(), places: false, people: false, clock: false, app: false };
let source = null;
let flushing = false;
let broken = false;
let retry = 0;

/** The place whose screen carries the Home tab and the form. */
const homePlace = () => state.places.find((place) => place.kind === "app_home")?.id ?? state.places.find((place) => place.kind === "dm")?.id ?? null;

/** The id by which the server knows where the person is. */
export const shownPlace = () => (state.place === "home" ? homePlace() : state.place);

export async function refreshScreen(place) {
  const user = state.me;
  if (!place || !user) return;
  const screen = await api.screen(user, place);
  if (user !== state.me) return;
  state.screens.set(place, screen);
  changed("screen", place);
}

async function refreshPlaces() {
  const user = state.me;
  const places = await api.places(user);
  if (user !== state.me) return;
  state.places = places;
  changed("places");
}

export async function refreshPeople() {
  const people = await api.people();
  state.people = new Map(people.map((person) => [person.id, person]));
  changed("people");
}

export async function refreshClock() {
  const clock = await api.clock();
  state.clock = { now: Date.parse(clock.now), at: performance.now(), running: clock.running, followers: clock.followers };
  changed("clock");
}

export async function refreshApp() {
  state.app = await api.app();
  changed("app");
}

async function flush() {
  if (flushing) return;
  flushing = true;
  try {
    while (dirty.screens.size || dirty.places || dirty.people || dirty.clock || dirty.app) {
      const work = [];
      if (dirty.app) work.push(refreshApp());
      if (dirty.people) work.push(refreshPeople());
      if (dirty.places) work.push(refreshPlaces());
      if (dirty.clock) work.push(refreshClock());
      // The place on screen first: it is what the person looks at.
      const places = [...dirty.screens].sort((one) => (one === shownPlace() ? -1 : 1));
      dirty.app = dirty.people = dirty.places = dirty.clock = false;
      dirty.screens.clear();
      await Promise.all(work);
      for (const place of places) {
        if (state.places.some((one) => one.id === place)) await refreshScreen(place);
      }
    }
    showConnection(true);
  } catch {
    // The server is away: the stream reports it too, and reconnecting fetches everything again.
    showConnection(false);
  } finally {
    flushing = false;
  }
}

/** Marks what a server message names, and fetches it. */
function take({ place, what }) {
  if (what === "places") dirty.places = dirty.people = true;
  else if (what === "people") dirty.people = true;
  else if (what === "clock") dirty.clock = true;
  else if (what === "app" || what === "start_here") dirty.app = true;
  else if (what === "everything") everything();
  else if (what === "form") dirty.screens.add(shownPlace());
  else if (what === "home") {
    if (state.place === "home" && homePlace()) dirty.screens.add(homePlace());
  } else if (place) dirty.screens.add(place);
  window.queueMicrotask(flush);
}

function everything() {
  dirty.app = dirty.people = dirty.places = dirty.clock = true;
  for (const place of state.places) dirty.screens.add(place.id);
}

function showConnection(good) {
  const bar = document.getElementById("connection");
  if (good === bar.hidden) return;
  bar.hidden = good;
  bar.textContent = good ? "" : "The sandbox does not answer. Trying again …";
}

/** Listens for the present person; an earlier stream is closed. */
export function connect() {
  source?.close();
  window.clearTimeout(retry);
  const stream = new EventSource(api.streamAddress(state.me));
  source = stream;
  stream.addEventListener("changed", (event) => take(JSON.parse(event.data)));
  stream.addEventListener("open", () => {
    showConnection(true);
    if (broken) {
      everything();
      flush();
    }
    broken = false;
  });
  stream.addEventListener("error", () => {
    if (source !== stream) return;
    broken = true;
    showConnection(false);
    stream.close();
    retry = window.setTimeout(connect, RETRY_MS);
  });
}

window.addEventListener("pagehide", () => source?.close());
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  broken = true;
  connect();
});
