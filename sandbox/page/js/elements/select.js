/** Every kind of select menu: one control, one list with a search field, one or several values. */
import { ApiError } from "../api.js";
import { avatar } from "../avatar.js";
import { fill, h, uniqueId } from "../dom.js";
import { icon } from "../icons.js";
import { closePopover, openPopover } from "../popover.js";
import { plainText } from "../text/text_object.js";
import { confirmed, interact } from "./interact.js";
import { nameOfValue, sourceOf } from "./select_source.js";
import { wireValue } from "./values.js";

const TYPING_MS = 250;
const keyOf = (value) => (value !== null && typeof value === "object" ? value.value : value);

const FALLBACK = { users: "Select a person", channels: "Select a channel", conversations: "Select a conversation" };
const placeholderOf = (element) =>
  plainText(element.placeholder) || FALLBACK[element.type.replace("multi_", "").split("_")[0]] || (element.type.startsWith("multi_") ? "Select options" : "Select an option");

/** The open list: search, arrow keys, choose. `choose(value)` is called for each choice. */
function openList(trigger, element, block, surface, { multi, chosen, choose, clear, label }) {
  const source = sourceOf(element, block, surface);
  const listId = uniqueId("options");
  let rows = [];
  let active = -1;
  let turn = 0;
  const search = h("input", { type: "text", class: "select-search", role: "combobox", "aria-expanded": "true", "aria-controls": listId, "aria-autocomplete": "list", "aria-label": `Search: ${label}`, placeholder: "Search", autocomplete: "off", spellcheck: "false" });
  const list = h("div", { id: listId, class: "options", role: "listbox", "aria-label": label, "aria-multiselectable": multi ? "true" : null });

  const activate = (index) => {
    rows[active]?.classList.remove("active");
    active = rows.length ? (index + rows.length) % rows.length : -1;
    rows[active]?.classList.add("active");
    rows[active]?.scrollIntoView({ block: "nearest" });
    if (active >= 0) search.setAttribute("aria-activedescendant", rows[active].id);
    else search.removeAttribute("aria-activedescendant");
  };
  const mark = () => {
    for (const row of rows) row.setAttribute("aria-selected", String(chosen().has(row.dataset.key)));
  };
  const show = (groups) => {
    rows = [];
    const nodes = groups.flatMap((group) => [
      group.heading ? h("div", { class: "menu-heading", role: "presentation" }, group.heading) : null,
      ...group.items.map((item) => {
        const row = h(
          "div",
          { id: uniqueId("option"), class: "option", role: "option", data: { key: item.key } },
          item.person ? avatar(item.person.id, 24) : null,
          h("span", { class: "menu-text" }, h("span", { class: "menu-label" }, item.label), item.detail ? h("span", { class: "menu-detail" }, item.detail) : null),
          icon("check", 16),
        );
        row.addEventListener("click", () => {
          choose(item.value);
          if (multi) {
            mark();
            search.focus();
          } else closePopover();
        });
        rows.push(row);
        return row;
      }),
    ]);
    fill(list, nodes.length ? nodes : h("div", { class: "options-empty" }, "No results"));
    mark();
    activate(Math.max(0, rows.findIndex((row) => chosen().has(row.dataset.key))));
    settle?.();
  };
  const load = async () => {
    const term = search.value;
    const mine = (turn += 1);
    if (term.trim().length < source.minimum) {
      rows = [];
      fill(list, h("div", { class: "options-empty" }, `Type at least ${source.minimum} character${source.minimum === 1 ? "" : "s"}`));
      return;
    }
    if (source.remote) fill(list, h("div", { class: "options-empty" }, h("span", { class: "spinner" }), "Loading"));
    try {
      const groups = await source.load(term);
      if (mine === turn) show(groups);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (mine === turn) fill(list, h("div", { class: "options-empty options-error", role: "alert" }, error.message));
    }
  };

  let timer = 0;
  search.addEventListener("input", () => {
    window.clearTimeout(timer);
    if (source.remote) timer = window.setTimeout(load, TYPING_MS);
    else load();
  });
  search.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      activate(active + step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      rows[active]?.click();
    }
  });
  const foot = clear && chosen().size ? h("button", { type: "button", class: "select-clear", on: { click: () => { clear(); closePopover(); } } }, "Clear selection") : null;
  const settle = openPopover(trigger, h("div", { class: "select-list" }, search, list, foot), { label, minWidth: 260 });
  search.focus({ preventScroll: true });
  load();
}

/** Any select element. */
export function select(element, block, surface) {
  const multi = element.type.startsWith("multi_");
  const name = plainText(block.label) || placeholderOf(element);
  const label = h("span", { class: "select-value" });
  const trigger = h(
    "button",
    { type: "button", class: `select${multi ? " select-multi" : ""}`, "aria-haspopup": "listbox", "aria-expanded": "false", data: { focusKey: `${block.block_id}/${element.action_id}`, actionId: element.action_id } },
    label,
    icon("chevron", 16),
  );
  let value = surface.values.of(block, element);
  if (value === null && element.default_to_current_conversation && !multi) value = surface.place;
  const values = () => (multi ? value : value === null ? [] : [value]);

  const draw = () => {
    const names = values().map((one) => nameOfValue(element, one));
    trigger.setAttribute("aria-label", names.length ? `${name}: ${names.join(", ")}` : name);
    label.classList.toggle("placeholder", names.length === 0);
    if (!names.length) fill(label, placeholderOf(element));
    else if (!multi) fill(label, names[0]);
    else fill(label, names.map((one) => h("span", { class: "chip" }, one)));
  };
  const put = async (next) => {
    if (!(await confirmed(element))) return;
    value = next;
    surface.values.set(block, element, value);
    surface.touched?.(block);
    draw();
    if (!multi) send();
  };
  const send = () => interact(surface, block, element, { action: "select", value: wireValue(value), control: trigger });

  let before = "";
  const signature = () => JSON.stringify(values().map(keyOf));
  const choose = (item) => {
    if (!multi) return put(item);
    const without = value.filter((one) => keyOf(one) !== keyOf(item));
    if (without.length < value.length) return put(without);
    if (element.max_selected_items && value.length >= element.max_selected_items) return undefined;
    return put([...value, item]);
  };
  trigger.addEventListener("click", () => {
    before = signature();
    openList(trigger, element, block, surface, {
      multi,
      label: name,
      chosen: () => new Set(values().map(keyOf)),
      choose,
      clear: surface.kind === "form" ? () => put(multi ? [] : null) : null,
    });
  });
  if (multi) {
    // Slack sends a multi select once, when its list closes.
    const observer = new MutationObserver(() => {
      if (trigger.getAttribute("aria-expanded") === "false" && before && before !== signature()) {
        before = signature();
        send();
      }
    });
    observer.observe(trigger, { attributes: true, attributeFilter: ["aria-expanded"] });
  }
  draw();
  return trigger;
}
