/** The message box: text, slash commands with completion, and the app's shortcuts. */
import { act } from "./act.js";
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { notice } from "./notices.js";
import { openMenu } from "./popover.js";
import { currentPlace, on, state } from "./state.js";

const drafts = new Map();

/** Slack's own commands that are there, beside the app's. */
const OWN = [{ command: "/invite", usage_hint: "@name", description: "Add the app or somebody to this channel" }];
const commands = () => [...(state.app?.commands ?? []), ...OWN];

/** Does what was typed: a slash command or a message. Returns whether the box may be emptied. */
async function perform(text, thread) {
  const command = /^(\/\S+)(?:\s+([\s\S]*))?$/.exec(text);
  if (command) {
    const [, name, rest = ""] = command;
    if (thread) {
      notice("Slash commands do not work in threads.", { kind: "warning" });
      return false;
    }
    if (!commands().some((one) => one.command === name)) {
      notice(`${name} is not a command of the app.`, { kind: "warning" });
      return false;
    }
    const own = OWN.some((one) => one.command === name);
    return Boolean((await act({ action: "command", command: name, text: own ? withMentions(rest) : rest }))?.acked);
  }
  return (await act({ action: "message", text: withMentions(text), ...(thread ? { thread_ts: thread } : {}) })) !== null;
}

/** `@Name` of somebody known becomes a mention, as Slack's own box does it. */
function withMentions(text) {
  const people = [...state.people.values()].sort((one, other) => other.name.length - one.name.length);
  let out = text;
  for (const person of people) out = out.replaceAll(`@${person.name}`, `<@${person.id}>`);
  return out;
}

function completions(text) {
  const slash = /^\/(\S*)$/.exec(text);
  if (slash) {
    return commands()
      .filter((one) => one.command.slice(1).startsWith(slash[1].toLowerCase()))
      .map((one) => ({ insert: `${one.command} `, label: one.command, hint: one.usage_hint, detail: one.description }));
  }
  const at = /(^|\s)@([\p{L}. -]{1,30})$/u.exec(text);
  if (at) {
    const wanted = at[2].toLocaleLowerCase();
    return [...state.people.values()]
      .filter((person) => !person.deleted && person.name.toLocaleLowerCase().startsWith(wanted) && person.name.toLocaleLowerCase() !== wanted.trim())
      .slice(0, 6)
      .map((person) => ({ insert: `${text.slice(0, text.length - at[2].length)}${person.name} `, label: person.name, detail: person.title ?? "" }));
  }
  return [];
}

function shortcutButton() {
  const node = h("button", { type: "button", class: "icon-button composer-plus", "aria-label": "Shortcuts", "aria-haspopup": "menu", "aria-expanded": "false", title: "Shortcuts of the app" }, icon("plus"));
  const run = (shortcut) => act({ action: "shortcut", callback_id: shortcut.callback_id });
  node.addEventListener("click", () => {
    const shortcuts = (state.app?.shortcuts ?? []).filter((one) => one.type === "global");
    openMenu(
      node,
      [
        { heading: shortcuts.length ? `Shortcuts of ${state.app.app.name}` : "The app has no global shortcuts" },
        ...shortcuts.map((one) => ({ label: one.name, detail: one.description, icon: icon("bolt"), run: () => run(one) })),
      ],
      { label: "Shortcuts", minWidth: 280 },
    );
  });
  return node;
}

/** A message box. `node` is its element; `focus()` puts the cursor into it. */
export function composer({ inThread = false } = {}) {
  const listId = uniqueId("completions");
  const box = h("textarea", { class: "composer-text", rows: 1, "aria-label": "Message", autocomplete: "off", "aria-controls": listId, "aria-autocomplete": "list" });
  const send = h("button", { type: "button", class: "composer-send", "aria-label": "Send" }, icon("send"));
  const list = h("div", { id: listId, class: "completions", role: "listbox", "aria-label": "Completions", hidden: true });
  let choices = [];
  let active = 0;
  let key = "";

  const grow = () => {
    box.style.height = "auto";
    // A box that is not shown has no height to measure; its rows give it one.
    box.style.height = box.scrollHeight ? `${Math.min(box.scrollHeight, 200)}px` : "";
    send.disabled = !box.value.trim();
  };
  const drawChoices = () => {
    list.hidden = !choices.length;
    fill(
      list,
      choices.map((choice, index) => {
        const row = h("div", { id: `${listId}-${index}`, class: `option${index === active ? " active" : ""}`, role: "option", "aria-selected": String(index === active) }, h("span", { class: "menu-text" }, h("span", { class: "menu-label" }, choice.label, choice.hint ? h("span", { class: "completion-hint" }, ` ${choice.hint}`) : null), h("span", { class: "menu-detail" }, choice.detail)));
        row.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(index);
        });
        return row;
      }),
    );
    if (choices.length) box.setAttribute("aria-activedescendant", `${listId}-${active}`);
    else box.removeAttribute("aria-activedescendant");
  };
  const complete = () => {
    choices = completions(box.value.slice(0, box.selectionStart));
    active = 0;
    drawChoices();
  };
  const take = (index) => {
    const rest = box.value.slice(box.selectionStart);
    box.value = choices[index].insert + rest;
    choices = [];
    drawChoices();
    box.focus();
    grow();
    drafts.set(key, box.value);
  };
  const submit = async () => {
    const text = box.value.trim();
    if (!text || node.classList.contains("busy")) return;
    node.classList.add("busy");
    const sentKey = key;
    try {
      if (await perform(text, inThread ? state.thread : null)) {
        drafts.delete(sentKey);
        if (sentKey === key) box.value = "";
        choices = [];
        drawChoices();
        grow();
      }
    } finally {
      node.classList.remove("busy");
    }
  };

  box.addEventListener("input", () => {
    drafts.set(key, box.value);
    grow();
    complete();
  });
  box.addEventListener("blur", () => {
    choices = [];
    drawChoices();
  });
  box.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (choices.length && step) {
      event.preventDefault();
      active = (active + step + choices.length) % choices.length;
      drawChoices();
    } else if (choices.length && event.key === "Escape") {
      event.preventDefault();
      choices = [];
      drawChoices();
    } else if (choices.length && (event.key === "Tab" || (event.key === "Enter" && choices[active].label !== box.value.trim()))) {
      event.preventDefault();
      take(active);
    } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    }
  });
  send.addEventListener("click", submit);

  const node = h("div", { class: "composer-wrap" }, list, h("div", { class: "composer" }, inThread ? null : shortcutButton(), box, send));
  const settle = () => {
    const next = `${state.me}/${state.place}/${inThread ? state.thread : ""}`;
    const place = currentPlace();
    const name = place ? (place.kind === "channel" ? `#${place.name}` : place.name) : "";
    box.placeholder = inThread ? "Reply …" : `Message ${name}`;
    box.setAttribute("aria-label", inThread ? "Reply in thread" : `Message ${name}`);
    if (next === key) return;
    key = next;
    box.value = drafts.get(key) ?? "";
    choices = [];
    drawChoices();
    grow();
  };
  on("route", settle);
  on("places", settle);
  settle();
  return { node, focus: () => box.focus({ preventScroll: true }) };
}
