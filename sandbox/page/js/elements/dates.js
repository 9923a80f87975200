/** Date, time and date-time pickers, on the browser's own inputs. Instants are shown in the person's zone. */
import { h } from "../dom.js";
import { zone } from "../state.js";
import { plainText } from "../text/text_object.js";
import { instantOf, wallClock, zoneName } from "../time.js";
import { now } from "../state.js";
import { confirmed, interact } from "./interact.js";

const two = (number) => String(number).padStart(2, "0");

function picker(type, element, block, surface, { toInput = (value) => value ?? "", fromInput = (text) => text || null, note } = {}) {
  const input = h("input", {
    type,
    class: `input input-${type}`,
    value: toInput(surface.values.of(block, element)),
    "aria-label": plainText(block.label) || plainText(element.placeholder) || { date: "Date", time: "Time", "datetime-local": "Date and time" }[type],
    data: { focusKey: `${block.block_id}/${element.action_id}`, actionId: element.action_id },
  });
  let sent = input.value;
  let typing = false;
  const send = async () => {
    typing = false;
    if (input.value === sent || (input.validity && !input.validity.valid)) return;
    if (!(await confirmed(element))) {
      input.value = sent;
      return;
    }
    sent = input.value;
    const value = fromInput(input.value);
    surface.values.set(block, element, value);
    surface.touched?.(block);
    interact(surface, block, element, { action: "select", value, control: input });
  };
  input.addEventListener("keydown", (event) => {
    typing = event.key !== "Enter" && event.key !== "Tab";
    if (event.key === "Enter") send();
  });
  input.addEventListener("pointerdown", () => {
    typing = false;
  });
  // While somebody types a date, every digit gives a valid one: wait until they leave the field.
  input.addEventListener("change", () => {
    if (!typing) send();
  });
  input.addEventListener("blur", send);
  return note ? h("span", { class: "with-note" }, input, h("span", { class: "input-note" }, note)) : input;
}

export const datepicker = (element, block, surface) => picker("date", element, block, surface);

export const timepicker = (element, block, surface) =>
  picker("time", element, block, surface, { note: element.timezone ? zoneName(element.timezone, now()) : null });

export const datetimepicker = (element, block, surface) =>
  picker("datetime-local", element, block, surface, {
    toInput: (seconds) => {
      if (!seconds) return "";
      const wall = wallClock(Number(seconds) * 1000, zone());
      return `${wall.year}-${two(wall.month)}-${two(wall.day)}T${two(wall.hour)}:${two(wall.minute)}`;
    },
    fromInput: (text) => {
      if (!text) return null;
      const [year, month, day, hour, minute] = text.split(/[-T:]/).map(Number);
      return Math.floor(instantOf({ year, month, day, hour, minute }, zone()) / 1000);
    },
    note: zoneName(zone(), now()),
  });
