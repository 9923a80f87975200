/** Forms (modal views): the one on top of the person's stack, in a dialog that keeps what was typed. */
import { act } from "./act.js";
import { avatar } from "./avatar.js";
import { renderBlocks } from "./blocks/index.js";
import { openDialog } from "./dialog.js";
import { fill, h, reconcile, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { refreshScreen, shownPlace } from "./live.js";
import { on, state } from "./state.js";
import { formSurface } from "./surfaces.js";
import { plainText } from "./text/text_object.js";

const TROUBLE = "We had some trouble connecting. Try again?";

/** The open form, or null: {dialog, view, surface, …}. */
let open = null;

function build() {
  const id = uniqueId("form-title");
  const title = h("h2", { id, class: "form-title" });
  const body = h("div", { class: "form-body" });
  const trouble = h("div", { class: "form-trouble", role: "alert" });
  const back = h("button", { type: "button", class: "icon-button", "aria-label": "Back", on: { click: () => close(false) } }, icon("back"));
  const cross = h("button", { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => close(true) } }, icon("close"));
  const cancel = h("button", { type: "button", class: "button", on: { click: () => close(false) } });
  const submitButton = h("button", { type: "submit", class: "button button-primary" });
  const form = h("form", { class: "form", novalidate: true }, h("header", { class: "form-head" }, back, avatar(state.app?.app.bot_user_id ?? "", 28), title, cross), body, h("footer", { class: "form-foot" }, trouble, cancel, submitButton));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  const dialog = openDialog({ className: "dialog-form", labelledBy: id, content: form, onCancel: () => close(false) });
  return { dialog, title, body, trouble, back, cancel, submitButton, form };
}

function draw(parts, view) {
  const surface = formSurface(view, shownPlace());
  surface.place = shownPlace();
  // An error goes once its field is touched, and stays away until the form is sent again.
  surface.mended ??= new Set();
  surface.errors = Object.fromEntries(Object.entries(view.errors ?? {}).filter(([block]) => !surface.mended.has(block)));
  surface.values.known = view.state?.values ?? {};
  surface.touched = (block) => {
    surface.mended.add(block.block_id);
    if (!surface.errors[block.block_id]) return;
    delete surface.errors[block.block_id];
    const node = [...parts.body.querySelectorAll("[data-input-block]")].find((one) => one.dataset.inputBlock === block.block_id);
    if (!node) return;
    node.classList.remove("input-wrong");
    node.querySelector(".input-error").textContent = "";
    // It stands now as it would without the error, so that the same sentence is drawn when it comes again.
    [...parts.body.children].find((one) => one.contains(node)).reconciled = signatureOf(block, surface);
  };
  const another = open?.view.id !== view.id;
  open = { ...parts, view, surface };
  fill(parts.title, plainText(view.title));
  fill(parts.cancel, view.close ? plainText(view.close) : "Close");
  fill(parts.submitButton, view.submit ? plainText(view.submit) : "");
  parts.submitButton.hidden = !view.submit;
  parts.back.hidden = !view.previous_view_id;
  if (another) {
    parts.body.replaceChildren();
    fill(parts.trouble);
  }
  reconcile(
    parts.body,
    view.blocks.map((block, index) => ({
      key: block.type === "input" ? `i-${block.block_id}-${block.element.action_id}` : `${index}-${block.type}`,
      signature: signatureOf(block, surface),
      build: () => renderBlocks([block], surface)[0],
    })),
  );
  if (another) focusFirst(parts, view);
}

const signatureOf = (block, surface) => JSON.stringify([block, surface.errors[block.block_id] ?? null]);

const CONTROLS = "input:not([type=hidden]),textarea,select,button,[tabindex]";

function focusFirst(parts, view) {
  const wanted = view.blocks.find((block) => block.element?.focus_on_load || block.accessory?.focus_on_load);
  const host = wanted ? [...parts.body.children].find((node) => node.dataset.blockId === wanted.block_id) : parts.body;
  const first = host?.querySelector(wanted ? CONTROLS : ".input-block input,.input-block textarea,.input-block button") ?? parts.submitButton;
  (first.hidden ? parts.cancel : first).focus({ preventScroll: true });
  parts.body.scrollTop = 0;
}

function showErrors() {
  const first = open?.body.querySelector(".input-wrong");
  if (!first) return;
  first.scrollIntoView({ block: "nearest" });
  first.querySelector("input,textarea,button")?.focus({ preventScroll: true });
}

/** Sends the form. It stays open, with what was typed, until the app has taken it. */
async function submit() {
  const { view, surface, submitButton, trouble, form } = open;
  if (form.classList.contains("busy")) return;
  form.classList.add("busy");
  submitButton.classList.add("busy");
  fill(trouble);
  await (surface.queue ?? Promise.resolve());
  surface.mended.clear();
  let problem = null;
  const answer = await act(
    { in: "form", action: "submit", values: surface.values.wire(view.blocks) },
    { refused: (error) => (problem = error.errors ? null : error.message) },
  );
  if (answer && !answer.acked) problem = TROUBLE;
  else if (answer?.error) problem = `${TROUBLE} (${answer.error})`;
  form.classList.remove("busy");
  submitButton.classList.remove("busy");
  await refreshScreen(shownPlace()).catch(() => null);
  if (open?.form !== form) return;
  if (problem) fill(trouble, icon("warning", 16), problem);
  showErrors();
}

/** Closes the form on top, or with `all` the whole stack, and lets the app know where it wants to. */
async function close(all) {
  const closing = open;
  if (!closing || closing.form.classList.contains("busy")) return;
  closing.form.classList.add("busy");
  await act({ in: "form", action: "close", ...(all ? { clear: true } : {}) }, { refused: () => null });
  closing.form.classList.remove("busy");
  await refreshScreen(shownPlace()).catch(() => null);
}

function show() {
  const view = state.screens.get(shownPlace())?.form ?? null;
  if (!view) {
    if (open) {
      const { dialog } = open;
      open = null;
      dialog.close();
    }
    return;
  }
  draw(open ?? build(), view);
}

/** From now on the present person's form is shown whenever there is one. */
export function drawForms() {
  on("screen", (place) => place === shownPlace() && show());
  on("route", show);
}
