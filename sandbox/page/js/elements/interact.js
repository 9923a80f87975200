/**
 * What happens when a person uses a control: perhaps a question first, then the delivery to the app, with a
 * spinner until it is acknowledged and a warning when it is not.
 */
import { act } from "../act.js";
import { ask } from "../dialog.js";
import { h } from "../dom.js";
import { icon } from "../icons.js";
import { state } from "../state.js";
import { plainText, textNodes } from "../text/text_object.js";

const WARNING_MS = 6000;

/** The confirmation the element asks for; true when there is none. */
export async function confirmed(element) {
  const question = element.confirm;
  if (!question) return true;
  return ask({
    title: plainText(question.title) || "Are you sure?",
    text: textNodes(question.text),
    confirm: plainText(question.confirm) || "Yes",
    deny: plainText(question.deny) || "Cancel",
    danger: question.style === "danger",
  });
}

/** Where the control stands, as the `act` and `options` routes want it. */
export function address(surface, block, element) {
  return {
    user: state.me,
    place: surface.place,
    in: surface.kind,
    ...(surface.kind === "message" ? { message_ts: surface.ts } : {}),
    ...(surface.viewId ? { view_id: surface.viewId } : {}),
    block_id: block.block_id,
    action_id: element.action_id,
  };
}

function warn(control) {
  control.parentElement?.querySelector(":scope > .control-warning")?.remove();
  const mark = h("span", { class: "control-warning", role: "alert" }, icon("warning", 16), h("span", null, "The app did not answer in time. Try again."));
  control.after(mark);
  window.setTimeout(() => mark.remove(), WARNING_MS);
}

/**
 * Sends one interaction and returns the answer, or null when it did not go out. `action` is "click" or
 * "select". Interactions of one surface go out one after the other, in the order of the person's hand.
 */
export async function interact(surface, block, element, { action, value, control, quiet = false }) {
  const body = { ...address(surface, block, element), action, ...(value === undefined ? {} : { value }) };
  if (!quiet) {
    control.classList.add("busy");
    control.setAttribute("aria-busy", "true");
  }
  const turn = (surface.queue ?? Promise.resolve()).then(() => act(body));
  surface.queue = turn;
  try {
    const answer = await turn;
    if (answer && !answer.acked && control.isConnected) warn(control);
    return answer;
  } finally {
    control.classList.remove("busy");
    control.removeAttribute("aria-busy");
  }
}
