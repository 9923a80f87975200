/** The Inspector: each call of the app to the API and each delivery to the app, newest first, live. */
import { ApiError, api } from "./api.js";
import { drawerShows, openDrawer } from "./drawer.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { zone } from "./state.js";
import { timeWithSeconds } from "./time.js";

const POLL_MS = 1000;
const MOST = 500;

const view = { last: 0, entries: [], kind: "all", term: "" };

const isCall = (entry) => entry.kind === "call";

/** What went wrong, or null. */
function trouble(entry) {
  if (entry.error) return typeof entry.error === "string" ? entry.error : "error";
  if (isCall(entry)) return entry.response?.ok === false ? (entry.response.error ?? "error") : entry.status >= 400 ? String(entry.status) : null;
  return entry.acked === false ? "not acknowledged" : null;
}

const nameOf = (entry) => entry.method ?? entry.type ?? entry.what ?? entry.kind;
const millis = (entry) => entry.ms ?? entry.ack_ms ?? null;

function summaryOf(entry) {
  const request = entry.request ?? entry.args ?? entry.payload ?? {};
  return [request.channel, request.user, request.command, request.callback_id, request.event?.type, request.actions?.[0]?.action_id, request.view?.callback_id, request.text]
    .filter((one) => typeof one === "string" && one)
    .slice(0, 3)
    .join(" · ")
    .slice(0, 120);
}

/** A JSON value as an indented tree of folding nodes; text only. */
function jsonTree(value, depth = 0) {
  if (value === null || typeof value !== "object") return h("span", { class: `json-${value === null ? "null" : typeof value}` }, typeof value === "string" ? JSON.stringify(value) : String(value));
  const entries = Object.entries(value);
  const brackets = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (!entries.length) return h("span", null, brackets.join(""));
  const body = h("div", { class: "json-body" });
  const build = () => body.append(...entries.map(([key, item]) => h("div", { class: "json-row" }, h("span", { class: "json-key" }, Array.isArray(value) ? `${key}` : key), ": ", jsonTree(item, depth + 1))));
  const node = h("details", { class: "json", open: depth < 2 }, h("summary", null, brackets[0], h("span", { class: "json-count" }, `${entries.length}`), brackets[1]), body);
  if (depth < 2) build();
  else node.addEventListener("toggle", () => !body.childElementCount && build());
  return node;
}

function row(entry) {
  const wrong = trouble(entry);
  const took = millis(entry);
  const detail = h("div", { class: "log-detail" });
  const { seq, ...rest } = entry;
  const node = h(
    "details",
    { class: `log-row${wrong ? " log-wrong" : ""}`, data: { seq } },
    h(
      "summary",
      null,
      h("span", { class: `log-kind log-${isCall(entry) ? "call" : "delivery"}`, title: isCall(entry) ? "Call of the app" : "Delivery to the app" }, isCall(entry) ? "API" : "→ app"),
      h("span", { class: "log-main" }, h("span", { class: "log-name" }, nameOf(entry)), h("span", { class: "log-summary" }, summaryOf(entry))),
      h("span", { class: "log-state" }, wrong ?? "ok"),
      h("span", { class: "log-ms" }, took === null || took === undefined ? "" : `${Number(took).toFixed(took < 10 ? 1 : 0)} ms`),
      h("time", { class: "log-time" }, entry.at ? timeWithSeconds(Date.parse(entry.at), zone()) : ""),
    ),
    detail,
  );
  node.addEventListener("toggle", () => {
    if (node.open && !detail.childElementCount) detail.append(jsonTree(rest));
  });
  return node;
}

const wanted = (entry) =>
  (view.kind === "all" || (view.kind === "wrong" ? trouble(entry) : view.kind === (isCall(entry) ? "call" : "delivery"))) &&
  (!view.term || `${nameOf(entry)} ${JSON.stringify(entry)}`.toLowerCase().includes(view.term));

function open() {
  const list = h("div", { class: "log", role: "log", "aria-label": "Calls and deliveries" });
  const search = h("input", { type: "search", class: "input", placeholder: "Filter by method, channel, text …", "aria-label": "Filter", value: view.term });
  const kinds = [["all", "All"], ["call", "API calls"], ["delivery", "Deliveries"], ["wrong", "Problems"]];
  const tabs = h("div", { class: "segments", role: "group", "aria-label": "Show" }, kinds.map(([kind, label]) => h("button", { type: "button", class: "segment", "aria-pressed": String(view.kind === kind), data: { kind } }, label)));
  const redraw = () => {
    const shown = view.entries.filter(wanted);
    fill(list, shown.length ? shown.map(row).reverse() : h("p", { class: "empty" }, view.entries.length ? "Nothing fits the filter." : "No calls yet."));
  };
  tabs.addEventListener("click", (event) => {
    const button = event.target.closest("[data-kind]");
    if (!button) return;
    view.kind = button.dataset.kind;
    for (const one of tabs.children) one.setAttribute("aria-pressed", String(one === button));
    redraw();
  });
  search.addEventListener("input", () => {
    view.term = search.value.trim().toLowerCase();
    redraw();
  });
  const poll = async () => {
    if (!drawerShows("inspector")) return;
    try {
      const answer = await api.log(view.last);
      const fresh = Array.isArray(answer) ? answer : (answer.entries ?? []);
      if (fresh.length) {
        const first = view.entries.length === 0;
        view.last = fresh.at(-1).seq;
        view.entries = [...view.entries, ...fresh].slice(-MOST);
        if (first) redraw();
        else {
          list.querySelector(".empty")?.remove();
          list.prepend(...fresh.filter(wanted).map(row).reverse());
          while (list.childElementCount > MOST) list.lastElementChild.remove();
        }
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    window.setTimeout(poll, POLL_MS);
  };
  openDrawer("inspector", "Inspector", h("div", { class: "inspector" }, h("div", { class: "inspector-head" }, tabs, search), list));
  redraw();
  poll();
}

export function inspectorButton() {
  return h("button", { type: "button", class: "bar-button", id: "inspector-button", "aria-label": "Inspector", on: { click: open } }, icon("list", 16), h("span", { class: "bar-label" }, "Inspector"));
}
