/** The page's own line icons, drawn on a 24 × 24 grid. */
import { s } from "./dom.js";

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16.5M3.5 15H20",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  chevron: "m6 9 6 6 6-6",
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6 6 18",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  link: "M10 14a4.5 4.5 0 0 0 6.4 0l3-3a4.5 4.5 0 0 0-6.4-6.4l-1.5 1.5M14 10a4.5 4.5 0 0 0-6.4 0l-3 3a4.5 4.5 0 0 0 6.4 6.4l1.5-1.5",
  pen: "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3",
  plus: "M12 5v14M5 12h14",
  send: "M4 4.5 21 12 4 19.5 6.5 12zM6.5 12H13",
  thread: "M4 5h16v11H10l-4 4v-4H4z",
  sun: "M12 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12 1.5v2M12 20.5v2M1.5 12h2M20.5 12h2M4.6 4.6 6 6M18 18l1.4 1.4M4.6 19.4 6 18M18 6l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  list: "M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01",
  flag: "M5 21V4M5 5c5-3 8 3 14 0v9c-6 3-9-3-14 0",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6z",
  warning: "M12 3.5 22 20.5H2zM12 10v5M12 17.8h.01",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v5.5M12 7.6h.01",
  check: "m5 12.5 4.5 4.5L19 7.5",
  error: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7.5V13M12 16.3h.01",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
  play: "M8 5v14l11-7z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  bolt: "M13 2 5 13.5h6L10 22l9-12.5h-6.5z",
  reply: "M10 8V4L3 11l7 7v-4c5 0 8 1.5 10.5 5C20 13 17 9 10 8z",
  external: "M14 4h6v6M20 4l-9 9M18 13v7H4V6h7",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  thumbsup: "M7 11v9H3.5v-9zM7 11l4-8c2 0 2.5 1.5 2 3l-.8 4H19c1.5 0 2.2 1.2 1.8 2.6l-1.6 6c-.3 1-1 1.4-2 1.4H7",
  thumbsdown: "M17 13V4h3.5v9zM17 13l-4 8c-2 0-2.5-1.5-2-3l.8-4H5c-1.5 0-2.2-1.2-1.8-2.6l1.6-6C5.1 4.4 5.8 4 6.8 4H17",
};

/** A decorative icon; the control around it carries the accessible name. */
export function icon(name, size = 18) {
  return s(
    "svg",
    { viewBox: "0 0 24 24", width: size, height: size, class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" },
    s("path", { d: PATHS[name] ?? PATHS.info, fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? "3.4" : "2", "stroke-linecap": "round", "stroke-linejoin": "round" }),
  );
}
