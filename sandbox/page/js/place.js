/** The main pane: a channel or direct messages, or the app with its tabs Home and Messages. */
import { composer } from "./composer.js";
import { fill, h } from "./dom.js";
import { homePane, openHome } from "./home.js";
import { icon } from "./icons.js";
import { shownPlace } from "./live.js";
import { messageList, topLevel } from "./message_list.js";
import { go } from "./route.js";
import { appDm } from "./sidebar.js";
import { currentPlace, currentScreen, on, state } from "./state.js";
import { avatar } from "./avatar.js";
import { markSeen, seenUpTo } from "./unread.js";

export function drawPlace() {
  const main = document.getElementById("main");
  const back = h("button", { type: "button", class: "icon-button back", "aria-label": "Back to the list", on: { click: () => (document.body.dataset.view = "list") } }, icon("back"));
  const title = h("h1", { class: "place-title" });
  const topic = h("span", { class: "place-topic" });
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "App" });
  const list = messageList("Messages");
  const home = homePane();
  const errors = h("div", { class: "screen-errors" });
  const box = composer();
  const readOnly = h("p", { class: "read-only" }, "Sending messages to this app has been turned off.");
  main.append(h("header", { class: "place-head" }, back, h("div", { class: "place-name" }, title, topic)), tabs, list.node, home.node, errors, box.node, readOnly);

  let dismissed = new Set();
  let newAfter = null;
  let newFor = null;

  const tab = (name, label, selected, place) =>
    h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(selected), tabindex: selected ? "0" : "-1", data: { tab: name }, on: { click: () => go({ place }) } }, label);
  tabs.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = [...tabs.children].find((one) => one.getAttribute("aria-selected") === "false");
    other?.click();
    tabs.querySelector("[aria-selected=true]")?.focus();
  });

  const drawHead = () => {
    const place = currentPlace();
    const atHome = state.place === "home";
    const dm = appDm();
    const isApp = atHome || (dm && place?.id === dm.id);
    if (isApp) fill(title, avatar(state.app?.app.bot_user_id ?? "", 24), state.app?.app.name ?? "App");
    else if (place) fill(title, place.kind === "channel" ? icon(place.is_private ? "lock" : "hash", 18) : avatar(place.user ?? place.id, 24), place.name);
    else fill(title, "");
    topic.textContent = place?.topic ?? "";
    tabs.hidden = !isApp;
    const wanted = `${atHome}|${dm?.id}|${state.me}`;
    if (isApp && tabs.dataset.drawn !== wanted) {
      const focused = tabs.contains(document.activeElement);
      fill(tabs, state.app?.home_enabled === false ? null : tab("home", "Home", atHome, "home"), dm ? tab("messages", "Messages", !atHome, dm.id) : null);
      tabs.dataset.drawn = wanted;
      if (focused) tabs.querySelector("[aria-selected=true]")?.focus();
    }
    list.node.hidden = atHome;
    const mute = Boolean(isApp && state.app?.app.dm_enabled === false);
    box.node.hidden = atHome || mute;
    readOnly.hidden = atHome || !mute;
    home.node.hidden = !atHome;
  };

  const drawErrors = () => {
    const texts = (state.screens.get(shownPlace())?.errors ?? []).map((error) => (typeof error === "string" ? error : (error.text ?? error.error ?? JSON.stringify(error))));
    if (!texts.length) dismissed = new Set();
    fill(
      errors,
      [...new Set(texts)].filter((text) => !dismissed.has(text)).map((text) => {
        const node = h("div", { class: "screen-error", role: "alert" }, icon("warning"), h("span", null, text));
        node.append(h("button", { type: "button", class: "icon-button", "aria-label": "Dismiss", on: { click: () => { dismissed.add(text); node.remove(); } } }, icon("close", 16)));
        return node;
      }),
    );
  };

  const drawMessages = () => {
    if (state.place === "home") return home.show();
    const screen = currentScreen();
    const key = `${state.me}/${state.place}`;
    if (newFor !== key && screen) {
      newFor = key;
      const seen = seenUpTo(state.place);
      newAfter = seen === "0" ? null : seen;
    }
    const messages = topLevel(screen?.messages ?? []);
    const place = currentPlace();
    list.show(messages, state.place, {
      key,
      newAfter,
      empty: () =>
        screen
          ? h("div", { class: "empty empty-place" }, h("p", { class: "empty-title" }, place?.kind === "channel" ? `This is the beginning of #${place.name}` : "No messages yet"), h("p", null, place?.kind === "channel" ? (place.topic || "Messages of this channel will appear here.") : "Messages of the app will appear here."))
          : h("p", { class: "empty" }, h("span", { class: "spinner" }), " Loading"),
    });
    markSeen(state.place);
    return undefined;
  };

  on("screen", (place) => {
    if (place !== shownPlace()) return;
    drawMessages();
    drawErrors();
  });
  let opened = null;
  on("route", () => {
    drawHead();
    drawMessages();
    drawErrors();
    const key = `${state.me}/${state.place}`;
    if (opened !== key) {
      opened = key;
      if (state.place === "home") openHome();
    }
  });
  for (const topicName of ["places", "people", "app"]) {
    on(topicName, () => {
      drawHead();
      drawMessages();
    });
  }
  document.addEventListener("visibilitychange", () => state.place !== "home" && markSeen(state.place));
  drawHead();
}
