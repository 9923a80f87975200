/**
 * Builds DOM nodes. Strings always become text nodes: nothing on this page is ever parsed as HTML,
 * so no message can smuggle markup in.
 */

const SVG = "http://www.w3.org/2000/svg";

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

function setProps(node, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (name === "data") {
      for (const [key, item] of Object.entries(value)) {
        if (item !== null && item !== undefined) node.dataset[key] = item;
      }
    } else if (name === "value" || name === "checked" || name === "disabled" || name === "indeterminate") {
      node[name] = value;
    } else {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  return node;
}

/** An HTML element. `props`: attributes, `on: {event: listener}`, `data: {key: value}`. */
export function h(tag, props, ...children) {
  return append(setProps(document.createElement(tag), props), children);
}

/** An SVG element. */
export function s(tag, props, ...children) {
  return append(setProps(document.createElementNS(SVG, tag), props), children);
}

let serial = 0;
/** An id that is unique in this page. */
export function uniqueId(prefix) {
  serial += 1;
  return `${prefix}-${serial}`;
}

/** Replaces all children of `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/**
 * Brings the children of `host` to `items` with as few changes as possible: a child whose key and
 * signature stay the same is left alone, so nothing flickers and no focus or scroll position is lost.
 * `items`: `[{key, signature, build}]` in order.
 */
export function reconcile(host, items) {
  const old = new Map([...host.children].map((child) => [child.dataset.key, child]));
  let cursor = host.firstElementChild;
  for (const { key, signature, build } of items) {
    let node = old.get(key);
    old.delete(key);
    if (node === undefined || node.reconciled !== signature) {
      const fresh = build();
      fresh.dataset.key = key;
      fresh.reconciled = signature;
      if (node) {
        if (node === cursor) cursor = fresh;
        replaceKeepingFocus(node, fresh);
      }
      node = fresh;
    }
    if (node === cursor) cursor = cursor.nextElementSibling;
    else host.insertBefore(node, cursor);
  }
  for (const node of old.values()) node.remove();
}

/** Replaces `old` by `fresh` and puts the focus back on the control with the same `data-focus-key`. */
export function replaceKeepingFocus(old, fresh) {
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.closest("[data-focus-key]")?.dataset.focusKey;
  const range = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  old.replaceWith(fresh);
  if (!key) return;
  const again = [...fresh.querySelectorAll("[data-focus-key]")].find((node) => node.dataset.focusKey === key);
  const target = again?.matches("input,textarea,button,a,[tabindex]") ? again : again?.querySelector("input,textarea,button");
  if (!target) return;
  target.focus({ preventScroll: true });
  try {
    if (range && range[0] !== null) target.setSelectionRange(...range);
  } catch {
    // Number, date and e-mail inputs have no selection; the focus is enough.
  }
}
