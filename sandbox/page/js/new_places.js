/** What people open themselves: direct messages with somebody, and channels. */
import { ApiError, api } from "./api.js";
import { avatar } from "./avatar.js";
import { openDialog } from "./dialog.js";
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./notices.js";
import { openMenu } from "./popover.js";
import { go } from "./route.js";
import { state } from "./state.js";

/** Opens a place and goes there. Returns the sentence with which it was refused, or null. */
async function open(body) {
  try {
    const place = await api.open({ user: state.me, ...body });
    state.places = await api.places(state.me);
    go({ place: place.id });
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error.message;
  }
}

/** The button that lists everybody one can write to. */
export function newMessageButton() {
  const node = h("button", { type: "button", class: "icon-button side-add", id: "new-message", "aria-label": "New direct message", title: "New direct message", "aria-haspopup": "menu", "aria-expanded": "false" }, icon("plus", 16));
  const write = async (person) => {
    const refused = await open({ with: person.id });
    if (refused) notice(refused, { kind: "error" });
  };
  node.addEventListener("click", () => {
    const people = [...state.people.values()].filter((person) => !person.is_bot && !person.deleted && person.id !== state.me);
    openMenu(
      node,
      [{ heading: "Write to" }, ...people.map((person) => ({ label: person.name, detail: person.title, icon: avatar(person.id, 28), run: () => write(person) }))],
      { label: "New direct message", minWidth: 280 },
    );
  });
  return node;
}

/** The button that asks for the name of a new channel. */
export function newChannelButton() {
  return h("button", { type: "button", class: "icon-button side-add", id: "new-channel", "aria-label": "New channel", title: "New channel", on: { click: askForChannel } }, icon("plus", 16));
}

function askForChannel() {
  const [title, field, secret] = ["channel", "name", "private"].map(uniqueId);
  const name = h("input", { id: field, class: "input", type: "text", maxlength: "80", autocomplete: "off", spellcheck: "false", placeholder: "deal-desk" });
  const isPrivate = h("input", { id: secret, type: "checkbox", checked: true });
  const wrong = h("p", { class: "input-error", role: "alert" });
  const form = h(
    "form",
    { class: "new-channel" },
    h("h2", { id: title, class: "dialog-title" }, "New channel"),
    h("label", { class: "input-label", for: field }, "Name"),
    name,
    h("div", { class: "choice" }, isPrivate, h("label", { for: secret }, "Private: only who is invited sees it")),
    h("p", { class: "ask-text" }, `${state.app?.app.name ?? "The app"} and other people join when somebody types /invite @name there.`),
    wrong,
    h("div", { class: "dialog-buttons" }, h("button", { type: "button", class: "button", on: { click: () => dialog.close() } }, "Cancel"), h("button", { type: "submit", class: "button button-primary" }, "Create")),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const refused = await open({ name: name.value, is_private: isPrivate.checked });
    if (refused) wrong.textContent = refused;
    else dialog.close();
  });
  const dialog = openDialog({ className: "dialog-ask", labelledBy: title, content: form });
  name.focus();
}
