// One session: its seats and its holds, as they are at this moment.

import { get } from "./api.js";
import { millisecondsUntil } from "./clock.js";
import { byId, h, icon, show } from "./elements.js";
import { countdown, day, plural, time } from "./format.js";
import { legend } from "./legend.js";
import { follow } from "./live.js";
import { setBar, stackedBar } from "./programme.js";
import { SeatMap } from "./seat-map.js";

export class Detail {
  #map = new SeatMap(byId("map"));
  #bar = stackedBar();
  #holds = new Map(); // by label: when the hold of the seat ends
  #timers = []; // of the holds that are listed
  #held = 0;
  #stale = false; // whether the list is; a premiere changes it more often than anybody can read
  #numbered = false;
  #openings = 0;
  #unfollow = () => {};

  constructor() {
    byId("detail-bar").replaceChildren(this.#bar);
    setInterval(() => this.#tick(), 250);
  }

  /** Follow a session, and no other any more. */
  async open(session) {
    this.close();
    const opening = ++this.#openings;
    byId("detail-heading").textContent = session.movie.title;
    byId("book").href = `/book/${session.id}`;
    show(byId("book"));
    byId("detail-hint").textContent = `${day(session.starts_at)}, ${time(session.starts_at)} · ${session.place.name}`;
    const plan = await get(`/v1/sessions/${session.id}/seats`).catch((error) => (error.status === 404 ? null : error)); // counted
    if (this.#openings !== opening) return; // another one was chosen meanwhile
    if (plan instanceof Error) {
      byId("detail-hint").textContent += ` · ${plan.message}`;
      return;
    }
    this.#numbered = plan !== null;
    show(byId("detail-plan"), this.#numbered);
    show(byId("detail-legend"), this.#numbered);
    show(byId("detail-body"));
    if (plan) this.#draw(plan.rows, session.currency);
    this.#unfollow = follow(`/v1/sessions/${session.id}/live`, {
      snapshot: (event) => this.#snapshot(event),
      change: (event) => this.#change(event),
      closed: () => this.#cancelled(),
      gone: () => this.#cancelled(),
    });
    if (window.matchMedia("(width < 60rem)").matches) byId("detail").scrollIntoView({ behavior: "smooth", block: "start" });
  }

  close() {
    this.#unfollow();
    this.#unfollow = () => {};
    this.#openings += 1;
    this.#holds.clear();
    this.#stale = true;
    show(byId("detail-body"), false);
  }

  #draw(rows, currency) {
    const seats = rows.flatMap((row) => row.seats).filter(Boolean);
    this.#map.draw(rows.map((row) => ({ ...row, seats: row.seats.map((seat) => seat && { ...seat, state: asStaff(seat.state) }) })));
    legend(byId("detail-legend"), seats, currency, { staff: true });
  }

  #snapshot(event) {
    const states = new Map((event.seats ?? []).map((seat) => [seat.label, seat]));
    this.#holds.clear();
    for (const label of this.#map.labels()) this.#mark(states.get(label) ?? { label, state: "free" });
    this.#count(event);
  }

  #change(event) {
    (event.seats ?? []).forEach((seat) => this.#mark(seat));
    this.#count(event);
  }

  #mark({ label, state, closes_at: closesAt = null }) {
    this.#map.set(label, state, closesAt);
    if (state === "held") this.#holds.set(label, closesAt);
    else this.#holds.delete(label);
  }

  #count({ sold, held, available, capacity }) {
    setBar(this.#bar, { sold, held, capacity });
    byId("detail-bar").dataset.text = `${sold} sold · ${held} held · ${available} free of ${capacity}`;
    this.#held = held;
    this.#stale = true;
  }

  /** List what is held. Seats that close at the same millisecond are one hold. */
  #list() {
    this.#stale = false;
    const holds = Map.groupBy([...this.#holds], ([, closesAt]) => closesAt);
    const soonest = [...holds].sort(([one], [other]) => String(one).localeCompare(String(other)));
    this.#timers = soonest.map(([closesAt, seats]) => ({ closesAt, left: h("span", { class: "left" }), labels: seats.map(([label]) => label) }));
    byId("holds").replaceChildren(...this.#timers.map(({ labels, left }) => h("li", {}, icon("person"), h("span", {}, labels.join(", ")), left)));
    show(byId("no-holds"), !this.#timers.length);
    byId("no-holds").textContent = this.#held ? `${plural(this.#held, "seat")} held at this moment.` : "Nobody holds seats at this moment.";
  }

  #tick() {
    if (this.#stale) this.#list();
    this.#map.tick();
    for (const { closesAt, left } of this.#timers) left.textContent = closesAt ? countdown(millisecondsUntil(closesAt)) : "";
  }

  #cancelled() {
    this.#unfollow();
    byId("detail-hint").textContent += " · cancelled";
    show(byId("detail-body"), false);
  }
}

function asStaff(state) {
  return state === "yours" ? "held" : state;
}
