// Making elements. Text is always text: no markup is ever made from it.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`onclick` and the like are listeners) and children, which are elements or text. */
export function h(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

/** Likewise, of a drawing. */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

/** A drawing of `icons.svg`, which says nothing to who cannot see it. */
export function icon(name) {
  const drawing = new URL(`icons.svg#${name}`, import.meta.url);
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: drawing.pathname + drawing.hash }));
}

export function byId(id) {
  return document.getElementById(id);
}

/** Show one thing or hide it. */
export function show(element, shown = true) {
  element.hidden = !shown;
}

let said = 0;

/** Tell screen readers, politely. */
export function say(text) {
  const region = byId("said");
  region.textContent = text + (said++ % 2 ? "\u00a0" : ""); // what is the same as before would not be read
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
