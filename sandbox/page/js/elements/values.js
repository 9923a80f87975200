/**
 * What a person has entered on one surface (a message, a form, the Home tab), by block id and action id.
 * It outlives a redraw, so a view that is updated keeps the input of every element that kept its ids.
 */
export class Values {
  constructor({ keepAlways = false } = {}) {
    this.keepAlways = keepAlways;
    this.entries = new Map();
    /** What the sandbox knows (`state.values` of the message or view), for a page that was loaded anew. */
    this.known = {};
  }

  /** The entered value, or the one the app put there. Outside forms a changed initial value wins. */
  of(block, element) {
    const entry = this.entries.get(`${block.block_id}\n${element.action_id}`);
    if (entry && (this.keepAlways || entry.initial === initialSignature(element))) return entry.value;
    const known = this.known[block.block_id]?.[element.action_id];
    return known ? knownValue(element, known) : initialValue(element);
  }

  set(block, element, value) {
    this.entries.set(`${block.block_id}\n${element.action_id}`, { value, initial: initialSignature(element), type: element.type });
  }

  /** Everything entered here, as the `submit` action takes it: block id → action id → value. */
  wire(blocks) {
    const out = {};
    for (const block of blocks) {
      for (const element of [block.element, block.accessory, ...(block.elements ?? [])]) {
        const entry = element?.action_id && this.entries.get(`${block.block_id}\n${element.action_id}`);
        if (entry) (out[block.block_id] ??= {})[element.action_id] = wireValue(entry.value);
      }
    }
    return out;
  }
}

/** The value of a `state.values` entry. */
function knownValue(element, entry) {
  if (element.type === "rich_text_input") return entry.rich_text_value ? richTextToText(entry.rich_text_value) : "";
  const key = Object.keys(entry).find((name) => name !== "type");
  const value = key ? entry[key] : null;
  return value ?? (Array.isArray(initialValue(element)) ? [] : typeof initialValue(element) === "string" && element.type.includes("input") ? "" : null);
}

const initialSignature = (element) => JSON.stringify(initialValue(element));

/** The value an element starts with: option objects for menus, else plain values. */
export function initialValue(element) {
  switch (element.type) {
    case "static_select":
    case "external_select":
    case "radio_buttons":
      return element.initial_option ?? null;
    case "multi_static_select":
    case "multi_external_select":
    case "checkboxes":
      return element.initial_options ?? [];
    case "users_select":
      return element.initial_user ?? null;
    case "multi_users_select":
      return element.initial_users ?? [];
    case "conversations_select":
      return element.initial_conversation ?? null;
    case "multi_conversations_select":
      return element.initial_conversations ?? [];
    case "channels_select":
      return element.initial_channel ?? null;
    case "multi_channels_select":
      return element.initial_channels ?? [];
    case "datepicker":
      return element.initial_date ?? null;
    case "timepicker":
      return element.initial_time ?? null;
    case "datetimepicker":
      return element.initial_date_time ?? null;
    case "rich_text_input":
      return element.initial_value ? richTextToText(element.initial_value) : "";
    default:
      return element.initial_value ?? "";
  }
}

const richTextToText = (block) =>
  (block.elements ?? []).map((part) => (part.elements ?? []).map((leaf) => leaf.text ?? leaf.url ?? "").join("")).join("\n");

/** A value as the `act` route takes it: options by their `value`. */
export function wireValue(value) {
  if (Array.isArray(value)) return value.map(wireValue);
  if (value !== null && typeof value === "object" && "value" in value) return value.value;
  return value === "" ? null : value;
}
