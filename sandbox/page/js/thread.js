/** The thread pane: a message and its replies. */
import { composer } from "./composer.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { messageList, repliesTo } from "./message_list.js";
import { go } from "./route.js";
import { currentPlace, currentScreen, mayWriteIn, on, state } from "./state.js";

export function drawThread() {
  const pane = document.getElementById("thread");
  const list = messageList("Thread");
  const where = h("span", { class: "pane-where" });
  const close = h("button", { type: "button", class: "icon-button", "aria-label": "Close thread", on: { click: () => go({ thread: null }) } }, icon("close"));
  const box = composer({ inThread: true });
  pane.append(h("header", { class: "pane-head" }, h("h2", { class: "pane-title" }, "Thread", where), close), list.node, box.node);

  const draw = () => {
    const open = Boolean(state.thread) && state.place !== "home";
    const opened = open && pane.hidden;
    pane.hidden = !open;
    document.body.dataset.thread = open ? "open" : "closed";
    if (!open) return;
    box.node.hidden = !mayWriteIn(state.place);
    const all = currentScreen()?.messages ?? [];
    const parent = all.find((message) => message.ts === state.thread && (!message.thread_ts || message.thread_ts === message.ts));
    const answers = all.filter((message) => message.ephemeral && message.thread_ts === state.thread);
    const place = currentPlace();
    where.textContent = place ? ` ${place.kind === "channel" ? "#" : ""}${place.name}` : "";
    const messages = [...(parent ? [parent] : []), ...[...repliesTo(all, state.thread), ...answers].sort((one, other) => Number(one.ts) - Number(other.ts))];
    list.show(messages, state.place, { inThread: true, key: `${state.me}/${state.place}/${state.thread}`, empty: () => h("p", { class: "empty" }, "This message is not here any more.") });
    if (opened) box.focus();
  };
  pane.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) go({ thread: null });
  });
  for (const topic of ["screen", "route", "people", "places"]) on(topic, draw);
  draw();
}
