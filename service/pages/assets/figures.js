// Revenue and occupancy from the report of sales.

import { get } from "./api.js";
import { serverNow } from "./clock.js";
import { columns, rows as bars } from "./charts.js";
import { byId, h } from "./elements.js";
import { addDays, dateOf, money, number, share, shortDay } from "./format.js";

const MOST = 8; // bars of movies or places

export class Figures {
  #report = null;
  #loads = 0;

  constructor() {
    for (const id of ["period", "group"]) byId(id).addEventListener("change", () => this.load().catch(() => null)); // what is shown stays
    new ResizeObserver(() => this.#draw()).observe(byId("revenue"));
  }

  async load() {
    const load = ++this.#loads;
    const today = dateOf(serverNow());
    const [from, to] = byId("period").value.split(",").map((days) => addDays(today, Number(days)));
    const group = byId("group").value;
    const { rows, total } = await get(`/v1/admin/reports/sales?from=${from}&to=${to}&group_by=${group}`);
    if (load !== this.#loads) return; // something else was asked for meanwhile
    this.#report = { rows: group === "day" ? everyDay(rows, from, to) : rows, total, group, today };
    this.#draw();
    this.#table();
  }

  #draw() {
    if (!this.#report) return;
    const { group } = this.#report;
    const draw = group === "day" ? columns : bars;
    const revenue = this.#points("revenue", (value) => money(value, "EUR", { short: true }));
    const occupancy = this.#points("occupancy", share);
    draw(byId("revenue"), revenue, { title: `Revenue by ${group}`, write: (value) => money(value, "EUR", { short: true }) });
    draw(byId("occupancy"), occupancy, { title: `Occupancy by ${group}`, write: share, least: 0.04, most: 1 });
  }

  #points(field, write) {
    const { rows, group, today } = this.#report;
    const points = rows.map((row) => ({ label: group === "day" ? shortDay(row.key) : row.label, value: row[field] ?? 0, text: write(row[field] ?? 0), now: row.key === today }));
    return group === "day" ? points : points.sort((one, other) => other.value - one.value).slice(0, MOST);
  }

  #table() {
    const { rows, total, group } = this.#report;
    const head = ["Bookings", "Seats", "Revenue", "Capacity", "Occupancy"];
    const cells = (row) => [number(row.bookings), number(row.seats), money(row.revenue), number(row.capacity), share(row.occupancy)].map((text) => h("td", { class: "count" }, text));
    const line = (name, row) => h("tr", {}, h("th", { scope: "row" }, name), ...cells(row));
    byId("figures-table").replaceChildren(
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, group[0].toUpperCase() + group.slice(1)), ...head.map((name) => h("th", { scope: "col", class: "count" }, name)))),
      h("tbody", {}, ...rows.map((row) => line(group === "day" ? shortDay(row.key) : row.label, row))),
      h("tfoot", {}, line("Total", total)),
    );
  }
}

/** With the days of which there is nothing to report. */
function everyDay(rows, from, to) {
  const byDay = new Map(rows.map((row) => [row.key, row]));
  const days = [];
  for (let day = from; day <= to; day = addDays(day, 1)) {
    days.push(byDay.get(day) ?? { key: day, bookings: 0, seats: 0, revenue: 0, capacity: 0, occupancy: null });
  }
  return days;
}
