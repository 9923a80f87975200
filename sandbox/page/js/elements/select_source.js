/** What the menus offer: options of the app, people, channels and conversations. */
import { api } from "../api.js";
import { state } from "../state.js";
import { plainText } from "../text/text_object.js";
import { address } from "./interact.js";

const optionItem = (option) => ({ key: option.value, label: plainText(option.text), detail: plainText(option.description), value: option });

function grouped(answer) {
  if (answer?.option_groups?.length) {
    return answer.option_groups.map((group) => ({ heading: plainText(group.label), items: group.options.map(optionItem) }));
  }
  return [{ heading: null, items: (answer?.options ?? []).map(optionItem) }];
}

const matching = (groups, term) => {
  const wanted = term.trim().toLocaleLowerCase();
  if (!wanted) return groups;
  return groups
    .map((group) => ({ ...group, items: group.items.filter((item) => `${item.label} ${item.detail}`.toLocaleLowerCase().includes(wanted)) }))
    .filter((group) => group.items.length);
};

function people() {
  return [...state.people.values()]
    .filter((person) => !person.deleted)
    .map((person) => ({ key: person.id, label: person.name, detail: person.title || (person.is_bot ? "App" : ""), value: person.id, person }));
}

function channels({ privateToo }) {
  return state.places
    .filter((place) => place.kind === "channel" && (privateToo || !place.is_private))
    .map((place) => ({ key: place.id, label: `${place.is_private ? "🔒 " : "#"}${place.name}`, detail: place.topic ?? "", value: place.id }));
}

function conversations(filter) {
  const include = new Set(filter?.include ?? ["im", "mpim", "public", "private"]);
  const list = channels({ privateToo: true }).filter((item) => {
    const place = state.places.find((one) => one.id === item.key);
    return include.has(place?.is_private ? "private" : "public");
  });
  const direct = state.places
    .filter((place) => place.kind === "dm" && include.has("im") && !filter?.exclude_bot_users)
    .map((place) => ({ key: place.id, label: place.name, detail: "Direct message", value: place.id }));
  return [...list, ...direct];
}

/** `{minimum, load(term)}`: `load` gives groups `[{heading, items: [{key, label, detail, value}]}]`. */
export function sourceOf(element, block, surface) {
  const kind = element.type.replace("multi_", "");
  const fixed = (items) => ({ minimum: 0, load: async (term) => matching([{ heading: null, items }], term) });
  if (kind === "users_select") return fixed(people());
  if (kind === "channels_select") return fixed(channels({ privateToo: false }));
  if (kind === "conversations_select") return fixed(conversations(element.filter));
  if (kind === "external_select") {
    return {
      minimum: element.min_query_length ?? 3,
      remote: true,
      load: async (term) => grouped(await api.options({ ...address(surface, block, element), value: term })),
    };
  }
  return { minimum: 0, load: async (term) => matching(grouped(element), term) };
}

/** How a chosen value is written on the control. */
export function nameOfValue(element, value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return plainText(value.text);
  const person = state.people.get(value);
  if (person) return person.name;
  const place = state.places.find((one) => one.id === value);
  if (place) return place.kind === "channel" ? `#${place.name}` : place.name;
  return value;
}
