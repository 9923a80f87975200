/** Who one is: the switcher in the sandbox bar. */
import { avatar } from "./avatar.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./popover.js";
import { go } from "./route.js";
import { me, now, on, state } from "./state.js";
import { cityOf, timeOf, zoneName } from "./time.js";

const about = (person) => [person.title, zoneName(person.tz || "UTC", now())].filter(Boolean).join(" · ");

function flags(person) {
  if (person.deleted) return "Deactivated";
  if (person.is_stranger) return "Other organisation";
  if (person.is_restricted || person.is_ultra_restricted) return "Guest";
  return "";
}

/** Everybody one can be: people who can sign in, active ones first. */
export const playable = () => [...state.people.values()].filter((person) => !person.is_bot && !person.deleted);

export function personSwitcher() {
  const node = h("button", { type: "button", class: "person-switch", id: "person-switch", "aria-haspopup": "menu", "aria-expanded": "false" });
  const draw = () => {
    const person = me();
    if (!person) return;
    node.title = `${person.name}, ${about(person)}. Click to become someone else.`;
    fill(
      node,
      avatar(person.id, 26),
      h("span", { class: "person-text" }, h("span", { class: "person-name" }, h("span", { class: "person-you" }, "You are: "), person.name), h("span", { class: "person-about" }, ` (${[person.title, cityOf(person.tz || "UTC")].filter(Boolean).join(" · ")})`)),
      icon("chevron", 16),
    );
  };
  node.addEventListener("click", () => {
    const items = playable().map((person) => ({
      label: person.name,
      detail: [person.title, flags(person), `${zoneName(person.tz || "UTC", now())} ${timeOf(now(), person.tz || "UTC")}`].filter(Boolean).join(" · "),
      icon: avatar(person.id, 32),
      value: person.id,
      checked: person.id === state.me,
      run: () => {
        if (person.id !== state.me) go({ user: person.id, place: state.place === "home" ? "home" : commonPlace() });
      },
    }));
    openMenu(node, [{ heading: "Become" }, ...items], { label: "Become someone else", minWidth: 320 });
  });
  on("people", draw);
  on("route", draw);
  draw();
  return node;
}

/** A channel is the same for everybody; direct messages are not. */
function commonPlace() {
  return state.places.find((place) => place.id === state.place)?.kind === "channel" ? state.place : null;
}
