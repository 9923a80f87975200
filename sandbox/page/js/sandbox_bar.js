/** The slim bar of the sandbox itself, apart from the workspace below it. */
import { clockPanel } from "./clock.js";
import { h } from "./dom.js";
import { inspectorButton } from "./inspector.js";
import { personSwitcher } from "./person.js";
import { startHereButton } from "./start_here.js";
import { themeButton } from "./theme.js";

export function drawSandboxBar() {
  document.getElementById("sandbox-bar").append(
    h("span", { class: "sandbox-mark", title: "A local Slack for trying things out. Nothing leaves this machine." }, "Sandbox"),
    personSwitcher(),
    clockPanel(),
    h("div", { class: "bar-tools" }, startHereButton(), inspectorButton(), themeButton()),
  );
}
