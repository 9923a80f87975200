/** Starts the page: loads what it needs, draws its parts, follows the address and the server. */
import { ApiError, api } from "./api.js";
import { h } from "./dom.js";
import { drawForms } from "./form.js";
import { connect, refreshApp, refreshClock, refreshPeople, refreshScreen, shownPlace } from "./live.js";
import { playable } from "./person.js";
import { isReply } from "./message_list.js";
import { notice } from "./notices.js";
import { drawPlace } from "./place.js";
import { go, placeFor, readAddress, rememberRoute } from "./route.js";
import { drawSandboxBar } from "./sandbox_bar.js";
import { drawSidebar } from "./sidebar.js";
import { changed, currentScreen, on, remembered, state } from "./state.js";
import { openStartHereOnce } from "./start_here.js";
import { drawThread } from "./thread.js";

const RETRY_MS = 1000;
const PHONE = window.matchMedia("(max-width: 720px)");

/** The person of the address, the one of the last visit, or the first who can act. */
function personFor(wanted) {
  const known = (id) => id && playable().some((person) => person.id === id);
  if (known(wanted)) return wanted;
  if (known(remembered("person"))) return remembered("person");
  return playable()[0]?.id ?? null;
}

/** The message of a link, in its thread if it is a reply. */
function showSpot() {
  const message = currentScreen()?.messages.find((one) => one.ts === state.spot);
  if (!message) notice("The message of that link is not here any more.", { kind: "warning" });
  else if (isReply(message) && !state.thread) {
    go({ thread: message.thread_ts, spot: message.ts });
    return;
  }
  state.spot = null;
}

let turn = 0;

/** Brings the page to the address: another person, another place, or another thread. */
async function follow() {
  const mine = (turn += 1);
  const address = readAddress();
  const user = personFor(address.user);
  if (user !== state.me) {
    const places = await api.places(user);
    if (mine !== turn) return;
    state.me = user;
    state.places = places;
    state.screens.clear();
    connect();
    changed("people");
  }
  state.place = placeFor(user, address.place);
  state.thread = address.thread;
  state.spot = address.spot && state.place === address.place ? address.spot : null;
  if (address.spot && !state.spot) notice(`${state.people.get(state.me)?.name ?? "This person"} is not where that link leads to, and cannot see it.`, { kind: "warning" });
  const exact = `#/${[state.me, state.place, state.thread].filter(Boolean).join("/")}`;
  if (window.location.hash !== exact) window.history.replaceState(null, "", exact);
  changed("places");
  changed("route");
  rememberRoute();
  await refreshScreen(shownPlace());
  if (state.spot) showSpot();
  // The other places, for their counts of unread messages.
  for (const place of state.places) {
    if (mine !== turn) return;
    if (!state.screens.has(place.id)) await refreshScreen(place.id);
  }
}

const followSafely = () =>
  follow().catch((error) => {
    if (!(error instanceof ApiError)) throw error;
    window.setTimeout(followSafely, RETRY_MS);
  });

async function start() {
  try {
    await Promise.all([refreshApp(), refreshPeople(), refreshClock()]);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const bar = document.getElementById("connection");
    bar.hidden = false;
    bar.textContent = `${error.message} Trying again …`;
    window.setTimeout(start, RETRY_MS);
    return;
  }
  document.getElementById("connection").hidden = true;
  state.me = null;
  drawSandboxBar();
  drawSidebar();
  drawPlace();
  drawThread();
  drawForms();
  if (PHONE.matches && !readAddress().place) document.body.dataset.view = "list";
  window.addEventListener("hashchange", () => {
    if (readAddress().place) document.body.dataset.view = "place";
    followSafely();
  });
  await followSafely();
  // A sandbox that was started with another company does not know this person.
  on("people", () => state.me && !state.people.has(state.me) && followSafely());
  document.body.append(h("span", { id: "ready", hidden: true }));
  openStartHereOnce();
}

start();
