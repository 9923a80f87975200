/** The Home tab of the app. */
import { act } from "./act.js";
import { renderBlocks } from "./blocks/index.js";
import { h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { refreshScreen, shownPlace } from "./live.js";
import { state } from "./state.js";
import { homeSurface } from "./surfaces.js";

/** Tells the app that its Home was opened, and fetches what it shows. */
export async function openHome() {
  const place = shownPlace();
  if (!place) return;
  await act({ place, action: "open_home" });
  await refreshScreen(place).catch(() => null);
}

/** A host for the Home tab; `show()` brings it up to date. */
export function homePane() {
  const list = h("div", { class: "home-blocks" });
  const node = h("div", { class: "home", role: "tabpanel", "aria-label": "Home", tabindex: "0" }, list);
  const show = () => {
    const place = shownPlace();
    const home = state.screens.get(place)?.home;
    if (!home) {
      reconcile(list, [{ key: "empty", signature: "empty", build: () => h("div", { class: "home-empty" }, icon("bolt", 32), h("p", null, `${state.app?.app.name ?? "The app"} has not shown anything here yet.`)) }]);
      return;
    }
    const surface = homeSurface(place);
    surface.place = place;
    surface.values.known = home.state?.values ?? {};
    // Each block by itself: one that did not change keeps its node, its focus and its scroll position.
    reconcile(
      list,
      home.blocks.map((block, index) => ({ key: `${index}-${block.type}`, signature: JSON.stringify([state.me, block]), build: () => renderBlocks([block], surface)[0] })),
    );
  };
  return { node, show };
}
