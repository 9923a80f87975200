/** The Start here note: what to try first, in numbered steps. */
import { openDrawer } from "./drawer.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { on, remember, remembered, state } from "./state.js";
import { markdown } from "./text/markdown.js";

const DEFAULT = `# A local Slack

Nothing here leaves this machine.

1. Choose who you are at the top left.
2. Open a channel or the app's messages at the left, and use its buttons, forms and Home tab.
3. Type \`/\` in the message box to see the app's commands.
4. Move the clock at the top to see what happens later.
5. Open the Inspector to see each call of the app and how fast it answered.
`;

const note = () => state.app?.start_here || DEFAULT;

/** Opens the note; at the first visit it opens by itself. */
export function openStartHere() {
  const body = h("div", { class: "start-here markdown text" });
  const draw = () => fill(body, markdown(note()));
  draw();
  openDrawer("start", "Start here", body, { narrow: true });
  remember("started", note());
}

export function startHereButton() {
  return h("button", { type: "button", class: "bar-button", id: "start-here-button", "aria-label": "Start here", on: { click: openStartHere } }, icon("flag", 16), h("span", { class: "bar-label" }, "Start here"));
}

/** Opens the note once for every text it has had. */
export function openStartHereOnce() {
  if (remembered("started") !== note()) openStartHere();
}

on("app", () => {
  const open = document.querySelector(".start-here");
  if (open) fill(open, markdown(note()));
});
