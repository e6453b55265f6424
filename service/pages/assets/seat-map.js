// A hall as a grid of seats: one stop of the Tab key, in which the arrow keys go from seat to seat.

import { h, icon } from "./elements.js";
import { millisecondsUntil } from "./clock.js";
import { money } from "./format.js";

const KINDS = { standard: "standard", premium: "premium", love: "love seat", wheelchair: "wheelchair space" };
const STATES = { free: "free", held: "held by somebody else", sold: "sold", yours: "yours", bought: "bought by you" };
const ICONS = { love: "heart", wheelchair: "wheelchair" };
const FINGER = 30; // px, a seat that a finger can hit
const LEGIBLE = 18; // and one that a mouse can, with its number
const LARGEST = 40;
const SMALLEST = 8;

/** Calls `pick(label)` for a seat that is clicked, tapped, or entered; without `pick` the map is for looking at. */
export class SeatMap {
  #grid;
  #frame;
  #pick;
  #currency;
  #seats = new Map(); // by label: what the seat is, and its cell
  #rows = []; // cells of seats by row, for the arrow keys
  #columns = 0;
  #current = null; // the cell that Tab comes to

  constructor(grid, { pick = null, currency = "EUR" } = {}) {
    this.#grid = grid;
    this.#frame = grid.closest(".frame");
    this.#pick = pick;
    this.#currency = currency;
    grid.addEventListener("click", (event) => this.#picked(event.target.closest("[data-label]")));
    grid.addEventListener("keydown", (event) => this.#pressed(event));
    grid.addEventListener("focusin", (event) => this.#moveTo(event.target.closest("[data-label]"), false));
    new ResizeObserver(() => this.#fit()).observe(this.#frame);
  }

  /** Draw a plan as `GET /v1/sessions/{id}/seats` answers it. */
  draw(rows) {
    this.#seats.clear();
    this.#columns = Math.max(...rows.map((row) => row.seats.length));
    this.#grid.replaceChildren(...rows.map((row, index) => this.#row(row, index)));
    this.#rows = [...this.#grid.children].map((row) => [...row.querySelectorAll("[data-label]")]);
    this.#moveTo(this.#middle(), false);
    this.#fit();
    this.#frame.scrollLeft = (this.#frame.scrollWidth - this.#frame.clientWidth) / 2;
  }

  /** Set what a seat is: its state, and until when it is held where that shows. */
  set(label, state, closesAt = null) {
    const seat = this.#seats.get(label);
    if (!seat || (seat.state === state && seat.closesAt === closesAt)) return;
    Object.assign(seat, { state, closesAt });
    seat.cell.classList.remove("changed");
    if (seat.shown) requestAnimationFrame(() => seat.cell.classList.add("changed"));
    this.#describe(seat);
  }

  /** Show whether the service has still to answer for the seat. */
  await(label, waiting) {
    this.#seats.get(label)?.cell.classList.toggle("waiting", waiting);
  }

  seat(label) {
    return this.#seats.get(label);
  }

  labels() {
    return [...this.#seats.keys()];
  }

  /** Write the seconds that holds have left into their seats. */
  tick() {
    for (const seat of this.#seats.values()) {
      if (seat.state === "held" && seat.closesAt) seat.mark.textContent = Math.ceil(millisecondsUntil(seat.closesAt) / 1_000);
    }
  }

  /** Show all of the hall at once, or seats that a finger can hit. */
  zoom(whole) {
    this.#grid.dataset.zoom = whole ? "whole" : "near";
    this.#fit();
    if (this.#current) this.#centre(this.#current);
  }

  /** Scroll the hall sideways, and not the page. */
  #centre(cell) {
    const [seat, frame] = [cell, this.#frame].map((element) => element.getBoundingClientRect());
    this.#frame.scrollLeft += seat.left + seat.width / 2 - frame.left - frame.width / 2;
  }

  /** Whether the hall is wider than the screen where seats are as large as a finger needs. */
  get overflows() {
    return this.#fitting < FINGER;
  }

  /** Whether a mouse can do with seats as small as the whole hall takes. */
  get fits() {
    return this.#fitting >= LEGIBLE;
  }

  get #fitting() {
    return Math.floor((this.#frame.clientWidth - 64) / this.#columns);
  }

  #row(row, index) {
    const name = () => h("span", { class: "row-name", "aria-hidden": "true" }, row.label);
    const cells = row.seats.map((seat, column) => (seat ? this.#cell(seat, row, column) : h("span", { class: "gap", role: "presentation" })));
    const missing = Array.from({ length: this.#columns - cells.length }, () => h("span", { class: "gap", role: "presentation" }));
    return h("div", { role: "row", "aria-rowindex": index + 1 }, name(), ...cells, ...missing, name());
  }

  #cell(plan, row, column) {
    const mark = h("span", { class: "mark" });
    const cell = h("span", { role: "gridcell", class: "seat", tabindex: "-1", "data-label": plan.label, "data-kind": plan.kind, "data-column": column });
    cell.append(mark);
    const seat = { ...plan, row: row.label, cell, mark, closesAt: null, shown: false };
    this.#seats.set(plan.label, seat);
    this.#describe(seat);
    return cell;
  }

  #describe(seat) {
    const { cell, mark, state, kind } = seat;
    const available = this.#pick !== null && (state === "free" || state === "yours");
    cell.dataset.state = state;
    cell.setAttribute("aria-selected", String(state === "yours" || state === "bought"));
    cell.setAttribute("aria-disabled", String(!available));
    const price = money(seat.price, this.#currency);
    cell.setAttribute("aria-label", `Row ${seat.row}, seat ${seat.number}, ${KINDS[kind] ?? kind}, ${price}, ${STATES[state]}`);
    cell.title = `${seat.label} · ${KINDS[kind] ?? kind} · ${price} · ${STATES[state]}`;
    mark.replaceChildren(this.#sign(seat));
    seat.shown = true;
  }

  #sign({ state, kind, number, closesAt }) {
    if (state === "yours" || state === "bought") return icon("check");
    if (state === "sold") return icon("cross");
    if (state === "held") return closesAt && this.#pick === null ? String(Math.ceil(millisecondsUntil(closesAt) / 1_000)) : icon("person");
    return ICONS[kind] ? icon(ICONS[kind]) : String(number);
  }

  #picked(cell) {
    if (!cell || !this.#pick) return;
    this.#moveTo(cell, false);
    cell.focus({ preventScroll: true });
    if (this.#grid.dataset.small === "true") this.#grid.dispatchEvent(new Event("closer"));
    else this.#pick(cell.dataset.label);
  }

  #pressed(event) {
    const cell = event.target.closest("[data-label]");
    if (!cell || event.altKey || event.metaKey) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#pick?.(cell.dataset.label);
      return;
    }
    const next = this.#neighbour(cell, event.key, event.ctrlKey);
    if (!next) return;
    event.preventDefault();
    this.#moveTo(next, true);
  }

  #neighbour(cell, key, control) {
    const row = this.#rows.findIndex((cells) => cells.includes(cell));
    const cells = this.#rows[row];
    const place = cells.indexOf(cell);
    const above = (target) => target && nearest(target, Number(cell.dataset.column));
    switch (key) {
      case "ArrowLeft": return cells[place - 1];
      case "ArrowRight": return cells[place + 1];
      case "ArrowUp": return above(this.#rows[row - 1]);
      case "ArrowDown": return above(this.#rows[row + 1]);
      case "PageUp": return above(this.#rows[0]);
      case "PageDown": return above(this.#rows.at(-1));
      case "Home": return (control ? this.#rows[0] : cells)[0];
      case "End": return (control ? this.#rows.at(-1) : cells).at(-1);
      default: return null;
    }
  }

  #moveTo(cell, focus) {
    if (!cell) return;
    this.#current?.setAttribute("tabindex", "-1");
    this.#current = cell;
    cell.setAttribute("tabindex", "0");
    if (focus) cell.focus();
  }

  #middle() {
    const row = this.#rows[Math.floor((this.#rows.length * 2) / 3)] ?? [];
    return row[Math.floor(row.length / 2)];
  }

  #fit() {
    if (!this.#columns) return;
    const smallest = this.#grid.dataset.zoom === "whole" ? SMALLEST : FINGER;
    const size = Math.min(LARGEST, Math.max(smallest, this.#fitting));
    this.#grid.style.setProperty("--seat", `${size}px`);
    this.#grid.dataset.small = String(size < LEGIBLE); // then a number would be a blot
  }
}

function nearest(cells, column) {
  const distance = (cell) => Math.abs(Number(cell.dataset.column) - column);
  return cells.reduce((best, cell) => (distance(cell) < distance(best) ? cell : best));
}
