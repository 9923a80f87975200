/** The sidebar: channels, direct messages and the app, with what is unread. */
import { h, reconcile } from "./dom.js";
import { avatar } from "./avatar.js";
import { icon } from "./icons.js";
import { newChannelButton, newMessageButton } from "./new_places.js";
import { go } from "./route.js";
import { me, on, remember, remembered, state } from "./state.js";
import { unreadCount } from "./unread.js";

const isAppDm = (place) => Boolean(place.with_app);

/** The direct messages with the app, where its Messages tab is. */
export const appDm = () => state.places.find(isAppDm) ?? null;

/** The tab of the app that was open last: "home" or "messages". */
const appTab = () => remembered("app_tab") ?? "messages";

function entry({ key, name, mark, place, unread, active }) {
  return {
    key,
    signature: JSON.stringify([name, unread, active, place, state.me]),
    build: () =>
      h(
        "a",
        { class: `side-item${active ? " active" : ""}${unread ? " unread" : ""}`, href: `#/${state.me}/${place}`, "aria-current": active ? "page" : null, data: { place } },
        mark(),
        h("span", { class: "side-name" }, name),
        unread ? h("span", { class: "badge", "aria-label": `${unread} new` }, unread > 99 ? "99+" : unread) : null,
      ),
  };
}

const heading = (key, text, add = null) => ({
  key,
  signature: text,
  build: () => (add ? h("div", { class: "side-head-row" }, h("h2", { class: "side-heading" }, text), add()) : h("h2", { class: "side-heading" }, text)),
});

export function drawSidebar() {
  const host = document.getElementById("sidebar");
  const list = h("div", { class: "side-list" });
  const title = h("div", { class: "side-title" });
  const person = h("div", { class: "side-person" });
  host.append(h("header", { class: "side-head" }, title, person), list);

  const draw = () => {
    if (state.place === "home" || (state.place && state.place === appDm()?.id)) remember("app_tab", state.place === "home" ? "home" : "messages");
    title.textContent = state.app?.team.name ?? "";
    person.textContent = me() ? `Signed in as ${me().name}` : "";
    const items = [];
    const channels = state.places.filter((place) => place.kind === "channel");
    const direct = state.places.filter((place) => place.kind === "dm" && !isAppDm(place));
    items.push(heading("h-channels", "Channels", newChannelButton));
    for (const place of channels) {
      items.push(entry({ key: place.id, name: place.name, mark: () => icon(place.is_private ? "lock" : "hash", 16), place: place.id, unread: unreadCount(place.id), active: state.place === place.id }));
    }
    if (!channels.length) items.push({ key: "none", signature: "none", build: () => h("p", { class: "side-empty" }, "In no channel yet") });
    items.push(heading("h-direct", "Direct messages", newMessageButton));
    for (const place of direct) {
      items.push(entry({ key: place.id, name: place.name, mark: () => avatar(place.user ?? place.id, 20), place: place.id, unread: unreadCount(place.id), active: state.place === place.id }));
    }
    items.push(heading("h-apps", "Apps"));
    const app = appDm();
    const unread = app ? unreadCount(app.id) : 0;
    // New messages are what one opens the app for; otherwise the tab that was open last.
    const tab = app && (unread || appTab() !== "home") ? app.id : "home";
    items.push(entry({ key: "app", name: state.app?.app.name ?? "App", mark: () => avatar(state.app?.app.bot_user_id ?? "", 20), place: tab, unread, active: state.place === "home" || state.place === app?.id }));
    reconcile(list, items);
  };
  // Opening the place one is already in must still leave the list on a phone.
  list.addEventListener("click", (event) => {
    const item = event.target.closest("[data-place]");
    if (!item) return;
    event.preventDefault();
    go({ place: item.dataset.place });
  });
  for (const topic of ["app", "people", "places", "screen", "route", "unread"]) on(topic, draw);
  draw();
}
