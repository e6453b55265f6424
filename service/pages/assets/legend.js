// What the seats of a plan look like, and what they cost.

import { h, icon } from "./elements.js";
import { money } from "./format.js";

const KINDS = { standard: "Standard", premium: "Premium", love: "Love seat", wheelchair: "Wheelchair space" };
const ICONS = { love: "heart", wheelchair: "wheelchair" };

/** Explain the kinds that there are, with their prices, and the states; of staff, nothing is theirs. */
export function legend(place, seats, currency, { staff = false } = {}) {
  const kinds = Object.keys(KINDS).filter((kind) => seats.some((seat) => seat.kind === kind));
  const entries = kinds.map((kind) => {
    const prices = seats.filter((seat) => seat.kind === kind).map((seat) => seat.price);
    return entry({ "data-kind": kind, "data-state": "free" }, ICONS[kind], KINDS[kind], money(Math.min(...prices), currency));
  });
  place.replaceChildren(
    ...entries,
    ...(staff ? [] : [entry({ "data-state": "yours" }, "check", "Yours")]),
    entry({ "data-state": "held" }, "person", staff ? "Held, with its seconds" : "Held by others"),
    entry({ "data-state": "sold" }, "cross", "Sold"),
  );
}

function entry(attributes, drawing, name, price = "") {
  const seat = h("span", { class: "seat", "aria-hidden": "true", ...attributes }, drawing ? icon(drawing) : "");
  return h("li", {}, seat, h("span", {}, name), price && h("span", { class: "price" }, price));
}
