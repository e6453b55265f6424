// The customer's seats: which, for how long yet, what they cost, and what came of them.

import { byId, h, icon, say, show } from "./elements.js";
import { countdown, enumerated, money, plural } from "./format.js";

const TOLD = [30, 10]; // seconds left of which screen readers hear
const EMPTY = {
  true: "Nothing picked yet. Your first seat starts a countdown: until it ends, what you hold is yours to confirm.",
  false: "Nothing held yet. Your seats start a countdown: until it ends, they are yours to confirm.",
};

export class Tray {
  #booking;
  #session;
  #pick;
  #again;
  #numbered;
  #told = Infinity;
  #before = "none";

  constructor(booking, session, { pick, again, numbered }) {
    this.#booking = booking;
    this.#session = session;
    this.#pick = pick;
    this.#again = again;
    this.#numbered = numbered;
    byId("confirm").addEventListener("click", () => booking.confirm());
    byId("release").addEventListener("click", () => booking.release());
    booking.addEventListener("lapsed", ({ detail }) => this.#lapsed(detail));
    setInterval(() => this.#tick(), 200);
  }

  /** Tell what went wrong, with something to do about it. */
  complain(text, action = null) {
    const notice = byId("notice");
    const button = action && h("button", { type: "button", class: "secondary small", onclick: action.take }, action.text);
    const close = h("button", { type: "button", class: "quiet", "aria-label": "Close this message", onclick: () => this.complain("") }, icon("cross"));
    notice.replaceChildren(h("p", {}, text), close, ...(button ? [button] : []));
    notice.dataset.tone = action?.tone ?? "loss";
    show(notice, text !== "");
    this.#dock();
  }

  draw() {
    const { state, busy, count, labels, total } = this.#booking;
    byId("tray").dataset.state = state;
    byId("tray").setAttribute("aria-busy", String(busy));
    byId("tray-heading").textContent = state === "confirmed" ? "You are going" : "Your seats";
    byId("empty").textContent = EMPTY[this.#numbered];
    const holding = state === "held" && (count > 0 || this.#booking.wanted.length > 0);
    show(byId("empty"), !holding && state !== "confirmed" && !busy);
    show(byId("actions"), holding);
    show(byId("total"), holding && this.#total !== null);
    byId("sum").textContent = this.#total === null ? "" : money(this.#total, this.#session.currency);
    byId("confirm").disabled = count === 0 || this.#booking.doubtful;
    byId("confirm").textContent = `Confirm ${plural(count, "seat")}`;
    show(byId("ticket"), state === "confirmed");
    this.#dock();
    const now = `${state} ${count} ${labels} ${total}`;
    if (this.#before !== now) this.#redraw(holding);
    this.#before = now;
    this.#tick();
  }

  /** On a phone, what has to be seen now stays at the bottom of the screen. */
  #dock() {
    const { state } = this.#booking;
    byId("tray").dataset.docked = String(state === "held" || (state !== "confirmed" && !byId("notice").hidden));
  }

  get #total() {
    const { total, count } = this.#booking;
    return total ?? (this.#session.price === undefined ? null : count * this.#session.price);
  }

  #picked() {
    if (!this.#numbered) return [h("li", {}, icon("ticket"), plural(this.#booking.count, "seat"))];
    return this.#booking.seats.map(({ label, kind, price }) =>
      h("li", { "data-kind": kind },
        h("strong", {}, label), h("span", {}, kind === "standard" ? "" : kind), h("span", { class: "price" }, money(price, this.#session.currency)),
        h("button", { type: "button", class: "quiet", "aria-label": `Give ${label} back`, onclick: () => this.#pick(label) }, icon("cross"))));
  }

  /** What changed is drawn anew, told, and keeps the focus that was in it. */
  #redraw(holding) {
    const { state, labels, count } = this.#booking;
    const list = byId("picked");
    const focused = [...list.children].findIndex((item) => item.contains(document.activeElement));
    const acted = byId("actions").contains(document.activeElement);
    list.replaceChildren(...(holding ? this.#picked() : []));
    const next = list.children[Math.min(focused, list.children.length - 1)]?.querySelector("button");
    if (next) next.focus();
    else if (focused >= 0 || (acted && !holding)) byId("tray-heading").focus();
    const what = labels.length ? `${plural(count, "seat")}: ${enumerated(labels)}` : plural(count, "seat");
    if (state === "held" && count) say(`You hold ${what}. ${countdown(this.#booking.millisecondsLeft)} left to confirm.`);
    if (state === "confirmed") this.#confirmed(what);
  }

  #confirmed(what) {
    const { id, labels, count } = this.#booking;
    const again = () => {
      this.#booking.forget();
      byId("seats").focus();
    };
    byId("ticket").replaceChildren(
      h("p", { class: "seal" }, icon("check")),
      h("p", { class: "large" }, labels.length ? enumerated(labels) : plural(count, "seat")),
      h("p", {}, this.#total === null ? "" : `${money(this.#total, this.#session.currency)} · `, "Your tickets are on their way by e-mail."),
      h("p", { class: "small" }, "Booking ", h("code", {}, id)),
      h("button", { type: "button", class: "secondary", onclick: again }, "Book more seats"),
    );
    this.complain("");
    byId("tray").scrollIntoView({ block: "nearest" });
    say(`Booked: ${what}. Your tickets are on their way by e-mail.`);
  }

  #lapsed({ labels, count }) {
    const what = labels.length ? enumerated(labels) : plural(count, "seat");
    this.complain(`Your time is over, and ${what} ${count === 1 ? "is" : "are"} free for others again.`,
      labels.length ? { text: "Try for the same seats", take: () => this.#again(labels) } : null);
  }

  #tick() {
    const { state, count, milliseconds, millisecondsLeft } = this.#booking;
    const running = state === "held" && count > 0;
    show(byId("clock"), running);
    if (!running) {
      this.#told = Infinity;
      return;
    }
    byId("left").textContent = countdown(millisecondsLeft);
    byId("ring").style.strokeDashoffset = 100 - (100 * millisecondsLeft) / milliseconds;
    byId("clock").dataset.hurry = String(millisecondsLeft < 15_000);
    const due = TOLD.find((seconds) => millisecondsLeft <= seconds * 1_000 && this.#told > seconds && millisecondsLeft > seconds * 1_000 - 2_000);
    if (due) {
      this.#told = due;
      say(`${due} seconds left to confirm.`);
    }
  }
}
