/** The sandbox's clock: it shows the person's local time, and moves forward on request. */
import { api } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { refreshClock } from "./live.js";
import { notice } from "./notices.js";
import { closePopover, openPopover } from "./popover.js";
import { changed, now, on, state, zone } from "./state.js";
import { longStamp, nextWorkingDay, shortDay, timeOf, timeWithSeconds, zoneName } from "./time.js";

const TICK_MS = 1000;
const PROGRESS_MS = 350;

const MOVES = [
  { id: "clock-15m", label: "+15 min", target: (instant) => instant + 15 * 60_000, body: () => ({ advance_s: 900 }) },
  { id: "clock-1h", label: "+1 h", target: (instant) => instant + 3_600_000, body: () => ({ advance_s: 3600 }) },
  {
    id: "clock-next-day",
    label: "Next working day 9:00",
    target: (instant) => nextWorkingDay(instant, zone()),
    body: () => ({ to: new Date(nextWorkingDay(now(), zone())).toISOString().replace(".000Z", "Z") }),
  },
];

const moving = { from: 0, to: 0, on: false };

/** Moves the clock and shows how far it has come; the server answers once everything due has happened. */
async function move(step) {
  if (moving.on) return;
  closePopover();
  Object.assign(moving, { on: true, from: now(), to: step.target(now()) });
  changed("moving");
  const follow = window.setInterval(async () => {
    try {
      await refreshClock();
      changed("moving");
    } catch {
      // The answer of the move itself will say what is wrong.
    }
  }, PROGRESS_MS);
  try {
    await api.moveClock(step.body());
  } catch (error) {
    notice(error.message, { kind: "error" });
  } finally {
    window.clearInterval(follow);
    moving.on = false;
    await refreshClock().catch(() => null);
    changed("moving");
  }
}

const buttons = (className) => MOVES.map((step) => h("button", { type: "button", class: className, data: { move: step.id }, on: { click: () => move(step) } }, step.label));

export function clockPanel() {
  const face = h("time", { class: "clock-face", id: "clock-face" });
  const place = h("span", { class: "clock-zone" });
  const bar = h("div", { class: "clock-progress", role: "progressbar", "aria-label": "The clock is moving", "aria-valuemin": "0", "aria-valuemax": "100", hidden: true }, h("div", { class: "clock-progress-fill" }));
  const inline = h("div", { class: "clock-moves" }, buttons("bar-button"));
  const compact = h("button", { type: "button", class: "bar-button clock-compact", "aria-haspopup": "dialog", "aria-expanded": "false", "aria-label": "Move the clock" }, icon("clock", 16), h("span", { class: "clock-short" }));
  const root = h("div", { class: "clock", role: "group", "aria-label": "Clock" }, h("span", { class: "clock-now" }, icon("clock", 16), face, place), inline, compact, bar);

  const draw = () => {
    const instant = now();
    fill(face, h("span", { class: "clock-day" }, shortDay(instant, zone())), " ", timeWithSeconds(instant, zone()));
    face.dateTime = new Date(instant).toISOString();
    face.title = `${longStamp(instant, zone())}${state.clock.running ? "" : " (stopped)"}`;
    place.textContent = zoneName(zone(), instant);
    compact.lastElementChild.textContent = timeOf(instant, zone());
  };
  const drawMove = () => {
    root.classList.toggle("clock-moving", moving.on);
    for (const button of root.querySelectorAll("button")) button.disabled = moving.on;
    bar.hidden = !moving.on;
    if (!moving.on) return;
    const done = Math.max(2, Math.min(100, Math.round(((now() - moving.from) / (moving.to - moving.from)) * 100)));
    bar.setAttribute("aria-valuenow", String(done));
    bar.firstElementChild.style.width = `${done}%`;
  };
  compact.addEventListener("click", () => {
    const text = h("p", { class: "clock-long" }, longStamp(now(), zone()), h("span", { class: "clock-zone" }, zoneName(zone(), now())));
    const moves = buttons("button");
    openPopover(compact, h("div", { class: "clock-menu" }, text, moves), { label: "Move the clock", minWidth: 240 });
    moves[0].focus();
  });
  on("clock", draw);
  on("people", draw);
  on("route", draw);
  on("moving", drawMove);
  window.setInterval(draw, TICK_MS);
  draw();
  return root;
}
