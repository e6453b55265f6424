// A day's sessions, and how they sell.

import { list } from "./api.js";
import { serverNow } from "./clock.js";
import { byId, h, show } from "./elements.js";
import { number, time } from "./format.js";
import { follow } from "./live.js";

const PAGE = 40; // sessions that are followed at once; the service allows 50
const MANY_PLACES = 8; // beyond which a day is read whole

export class Programme {
  #choose;
  #changed;
  #sold;
  #sessions = [];
  #page = 0;
  #rows = new Map(); // by session: its row's cells, and its last counts
  #chosen = null;
  #gone;
  #loads = 0;
  #unfollow = () => {};

  /**
   * Calls `choose(session)`, `changed({held})` with each change of what is shown, `sold()` after a sale, and `gone()` when
   * a session is not there any more, to have the day loaded anew.
   */
  constructor({ choose, changed, sold, gone }) {
    this.#gone = gone;
    this.#choose = choose;
    this.#changed = changed;
    this.#sold = sold;
    byId("ended").addEventListener("change", () => this.#turn(0));
    byId("earlier").addEventListener("click", () => this.#turn(this.#page - 1));
    byId("later").addEventListener("click", () => this.#turn(this.#page + 1));
  }

  /** Show the day's sessions of these places, the rows of a report. */
  async load(date, places) {
    const load = ++this.#loads;
    const wanted = new Set(places.map((place) => place.key));
    const each = places.length <= MANY_PLACES ? places.map((place) => `&place=${place.key}`) : [""];
    const lists = await Promise.all(each.map((filter) => list(`/v1/showtimes?date=${date}${filter}`, "showtimes")));
    if (load !== this.#loads) return; // another day was asked for meanwhile, or none any more
    const sessions = lists.flat().filter((session) => wanted.has(session.place.id));
    this.#sessions = sessions.sort((one, other) => one.starts_at.localeCompare(other.starts_at) || one.place.name.localeCompare(other.place.name));
    this.#turn(0);
  }

  close() {
    this.#loads += 1;
    this.#unfollow();
  }

  #turn(page) {
    const now = serverNow();
    const due = this.#sessions.filter((session) => byId("ended").checked || Date.parse(session.ends_at) > now);
    const pages = Math.max(1, Math.ceil(due.length / PAGE));
    this.#page = Math.min(Math.max(0, page), pages - 1);
    const shown = due.slice(this.#page * PAGE, (this.#page + 1) * PAGE);
    this.#rows.clear();
    byId("programme").replaceChildren(...shown.map((session) => this.#row(session)));
    show(byId("no-sessions"), !due.length);
    show(byId("pager"), pages > 1);
    byId("page").textContent = `${this.#page + 1} of ${pages}`;
    byId("earlier").disabled = this.#page === 0;
    byId("later").disabled = this.#page === pages - 1;
    this.#follow(shown.map((session) => session.id));
    this.#changed({ held: 0 });
  }

  #follow(ids) {
    this.#unfollow();
    if (!ids.length) {
      this.#connection("waiting");
      return;
    }
    const counts = (event) => this.#count(event);
    const state = (now) => this.#connection(now);
    const closed = (event) => this.#cancel(event);
    this.#unfollow = follow(`/v1/live?sessions=${ids.join(",")}`, { snapshot: counts, change: counts, closed, gone: this.#gone, state });
  }

  #connection(state) {
    byId("live").dataset.state = state;
    byId("live").textContent = { live: "Live", lost: "Reconnecting…", waiting: "Nothing to follow" }[state];
  }

  #row(session) {
    const counts = { sold: h("td", { class: "count" }, "–"), held: h("td", { class: "count" }, "–"), free: h("td", { class: "count" }, number(session.available)) };
    const bar = stackedBar();
    const choose = h("button", { type: "button", class: "choose", "aria-pressed": String(session.id === this.#chosen), onclick: () => this.#pick(session) }, session.movie.title);
    const row = h("tr", { "data-session": session.id },
      h("td", { class: "starts" }, time(session.starts_at)),
      h("td", {}, choose, h("span", { class: "where" }, session.place.name)),
      h("td", { class: "wide" }, bar), counts.sold, counts.held, counts.free);
    row.classList.toggle("chosen", session.id === this.#chosen);
    this.#rows.set(session.id, { row, bar, counts, choose, last: null });
    return row;
  }

  #pick(session) {
    this.#chosen = session.id;
    for (const [id, { row, choose }] of this.#rows) {
      row.classList.toggle("chosen", id === session.id);
      choose.setAttribute("aria-pressed", String(id === session.id));
    }
    this.#choose(session);
  }

  #count({ session_id: id, capacity, sold, held, available }) {
    const shown = this.#rows.get(id);
    if (!shown) return;
    const before = shown.last;
    shown.last = { sold, held, available };
    setBar(shown.bar, { sold, held, capacity });
    this.#write(shown, "sold", sold, before?.sold);
    this.#write(shown, "held", held, before?.held);
    this.#write(shown, "free", available, before?.available);
    if (before && before.sold !== sold) this.#sold();
    this.#changed({ held: [...this.#rows.values()].reduce((sum, { last }) => sum + (last?.held ?? 0), 0) });
  }

  #write({ counts }, name, value, before) {
    const cell = counts[name];
    cell.textContent = number(value);
    cell.classList.toggle("some", value > 0);
    if (before === undefined || before === value) return;
    cell.classList.remove("changed");
    requestAnimationFrame(() => cell.classList.add("changed"));
  }

  #cancel({ session_id: id }) {
    const shown = this.#rows.get(id);
    if (!shown) return;
    shown.row.classList.add("cancelled");
    if ([...this.#rows.values()].some(({ row }) => !row.classList.contains("cancelled"))) return;
    this.#unfollow(); // the service ends a stream of which nothing is to come, and a browser would ask for it for ever
    this.#connection("waiting");
  }
}

/** A bar of seats sold and held, whose numbers stand elsewhere. */
export function stackedBar() {
  return h("div", { class: "bar", "aria-hidden": "true" }, h("i", { class: "sold" }), h("i", { class: "held" }));
}

export function setBar(bar, { sold, held, capacity }) {
  const [ofSold, ofHeld] = bar.children;
  ofSold.style.width = `${capacity ? (100 * sold) / capacity : 0}%`;
  ofHeld.style.width = `${capacity ? (100 * held) / capacity : 0}%`;
}
