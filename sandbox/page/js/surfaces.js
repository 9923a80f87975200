/** The surfaces blocks stand on, and what has been entered there. They outlive each redraw. */
import { Values } from "./elements/values.js";
import { state } from "./state.js";

const surfaces = new Map();
const MOST = 400;

function surface(key, build) {
  if (!surfaces.has(key)) {
    surfaces.set(key, build());
    if (surfaces.size > MOST) surfaces.delete(surfaces.keys().next().value);
  }
  return surfaces.get(key);
}

/** The surface of a message, for the present person. */
export const messageSurface = (place, ts) =>
  surface(`${state.me}/${place}/${ts}`, () => ({ kind: "message", place, ts, values: new Values() }));

/** The surface of a form. What was typed stays although the app replaces the view. */
export const formSurface = (view, place) =>
  surface(`${state.me}/form/${view.id}`, () => ({ kind: "form", place, viewId: view.id, values: new Values({ keepAlways: true }), errors: {} }));

/** The surface of the Home tab. */
export const homeSurface = (place) => surface(`${state.me}/home`, () => ({ kind: "home", place, values: new Values() }));
