// One booking of the customer: opened with the first seats, changed one request after the other, and over when it is
// confirmed, given up or lapsed.

import { get, isPassing, list, postSafely, sleep } from "./api.js";
import { millisecondsUntil } from "./clock.js";

const EMPTY = { id: null, seats: [], count: 0, total: null, opensAt: null, closesAt: null };
const AGAIN = [500, 1_000, 2_000, 5_000]; // ms before it is asked again how the booking stands
const NEVER = new Promise(() => {});

/**
 * Its `state` is "none", "held", "confirmed" or "lapsed". It is `doubtful` while the answer to a change is lost, or its
 * time is over: then the service alone knows what it is. Events: "change" when anything did, "refused" with the error
 * in `detail`, "settled" when a doubt that was told is gone, and "lapsed" with the labels of the seats that were lost.
 */
export class Booking extends EventTarget {
  state = "none";
  busy = false;
  doubtful = false;
  #epoch = 0; // of the customer, who may sign out while something is asked
  #session;
  #wanted = null; // labels that are to be held, the last wish counting
  #work = null; // what is going on
  #booking = EMPTY;

  constructor(session) {
    super();
    this.#session = session;
  }

  get id() { return this.#booking.id; }
  get seats() { return this.#booking.seats; } // of a plan: {label, kind, price}
  get count() { return this.#booking.count; }
  get total() { return this.#booking.total; }
  get labels() { return this.#booking.seats.map((seat) => seat.label); }
  get wanted() { return this.#wanted ?? this.labels; }
  get milliseconds() { return this.state === "held" ? Date.parse(this.#booking.closesAt) - Date.parse(this.#booking.opensAt) : 0; }
  get millisecondsLeft() { return this.state === "held" ? millisecondsUntil(this.#booking.closesAt) : 0; }

  /** Hold these very seats and no others; none gives all back. While that goes on, the last wish counts. */
  async want(labels) {
    if (this.doubtful || (this.busy && this.#wanted === null)) return; // something else is going on
    this.#wanted = labels;
    this.#changed();
    if (!this.busy) await this.#working(() => this.#pursue());
  }

  /** Hold so many seats, the best together that there are. */
  best(count, wheelchair = 0) {
    return this.#working(() => this.#reserve(wheelchair ? { seats: count, wheelchair } : { seats: count }));
  }

  /** Buy what is held, picks that are on their way included; nothing if one of these fails, since it was not asked for. */
  async confirm() {
    if (this.busy && !(await this.#work)) return;
    if (!this.count || this.state !== "held") return;
    await this.#working(async () => {
      const { booking } = await this.#ask(postSafely(`/v1/bookings/${this.id}/confirm`));
      this.#took(booking, "confirmed");
    });
  }

  /** Give the seats back. */
  async release() {
    await this.#work;
    if (this.state === "held") await this.#working(() => this.#cancel());
  }

  /** Begin anew after it is over, or for another customer: what was asked before is never answered. */
  forget() {
    this.#epoch += 1;
    this.busy = this.doubtful = false;
    this.#wanted = this.#work = null;
    this.#set(EMPTY, "none");
  }

  /** Take up the open booking that the customer has for this session, if there is one; learn how it stands if there was. */
  async resume() {
    if (this.busy || this.state === "confirmed") return;
    const before = this.#booking;
    const open = await this.#ask(list("/v1/bookings?status=open", "bookings", 100));
    if (this.busy || this.#booking !== before) return;
    const found = open.find((one) => (this.id ? one.id === this.id : one.session_id === this.#session && one.reserved_seats > 0));
    if (found) this.#took(found, "held");
    else if (this.state === "held") await this.#working(() => this.#settle());
  }

  /** To be called as time passes. At the end it is asked what became of the seats: they may be bought, in another tab too. */
  tick() {
    if (this.state === "held" && this.millisecondsLeft === 0 && !this.busy) this.#working(() => this.#settle());
  }

  async #pursue() {
    while (this.#wanted !== null) {
      const asked = this.#wanted;
      try {
        await (asked.length ? this.#reserve({ seat_labels: asked }) : this.#cancel());
      } catch (error) {
        if (!error.details?.taken?.length || this.#wanted === asked) throw error;
        this.#tell("refused", error); // and what was picked meanwhile is still wanted
        this.#wanted = this.#wanted.filter((label) => !error.details.taken.includes(label));
      }
      if (this.#wanted === asked) this.#wanted = null;
    }
  }

  async #reserve(body) {
    if (this.state !== "held") {
      const { booking } = await this.#ask(postSafely(`/v1/sessions/${this.#session}/book`));
      this.#took(booking, "held");
    }
    this.#took((await this.#ask(postSafely(`/v1/bookings/${this.id}/reserve`, body))).booking, "held");
  }

  async #cancel() {
    if (this.state === "held") await this.#ask(postSafely(`/v1/bookings/${this.id}/cancel`));
    this.#set(EMPTY, "none");
  }

  /** What is answered while the same customer is there. */
  async #ask(request) {
    const epoch = this.#epoch;
    const [answer] = await Promise.allSettled([request]);
    if (epoch !== this.#epoch) {
      if (answer.reason?.status === 401) this.#tell("refused", answer.reason); // that is why nobody is there any more
      return NEVER;
    }
    if (answer.reason) throw answer.reason;
    return answer.value;
  }

  /**
   * Run one change at a time, and tell whether it was made; what is refused is told, and a booking that is over is seen
   * to be.
   */
  #working(change) {
    if (!this.busy) this.#work = this.#run(change);
    return this.#work;
  }

  async #run(change) {
    this.busy = true;
    this.#changed();
    try {
      await change();
      return true;
    } catch (error) {
      await this.#failed(error);
      return false;
    } finally {
      this.busy = false;
      this.#changed();
    }
  }

  async #failed(error) {
    const isLost = this.id !== null && isPassing(error);
    if (!isLost) this.#wanted = null;
    this.#refused(error);
    if (isLost) await this.#settle(true);
    this.#wanted = null;
    if (this.state === "held" && !this.count) await this.#cancel().catch(() => null); // the next one has its whole minute
  }

  #refused(error) {
    const isOver = ["booking_expired", "booking_not_found"].includes(error.code);
    const told = error.code === "booking_confirmed" || (isOver && this.count > 0); // as what it is, not as a refusal
    if (error.code === "booking_confirmed") this.#took(error.details.booking, "confirmed");
    else if (isOver) this.#lapse();
    else if (["booking_cancelled", "session_cancelled"].includes(error.code)) this.#set(EMPTY, "none");
    if (!told) this.#tell("refused", error);
  }

  /** Ask how the booking stands until there is an answer, and until it is over if its time is. */
  async #settle(told = false) {
    this.doubtful = true;
    this.#changed();
    for (let attempt = 0; this.doubtful; attempt++) {
      if (attempt) await this.#ask(sleep(AGAIN[Math.min(attempt, AGAIN.length) - 1]));
      const answer = await this.#ask(get(`/v1/bookings/${this.id}`)).catch((error) => ({ error }));
      this.doubtful = answer.error ? !isAnswer(answer.error) : answer.booking.status === "open" && millisecondsUntil(answer.booking.closes_at) === 0;
      if (answer.error && this.doubtful && !told) {
        this.#tell("refused", answer.error);
        told = true;
      }
      if (!this.doubtful) this.#settled(answer, told);
    }
  }

  #settled({ booking, error }, told) {
    if (told) this.#tell("settled");
    if (error) this.#refused(error);
    else if (["confirmed", "completed"].includes(booking.status)) this.#took(booking, "confirmed");
    else if (booking.status === "open") this.#took(booking, "held");
    else if (booking.status === "cancelled") this.#set(EMPTY, "none");
    else this.#lapse();
  }

  #lapse() {
    const lost = this.labels;
    const count = this.count;
    this.#set(EMPTY, "lapsed");
    if (count) this.#tell("lapsed", { labels: lost, count });
  }

  #took(booking, state) {
    const seats = booking.seats ?? (booking.id === this.id ? this.seats : []);
    const count = booking.reserved_seats ?? 0;
    this.#set({ id: booking.id, seats: count ? seats : [], count, total: booking.total ?? null, opensAt: booking.created_at, closesAt: booking.closes_at }, state);
  }

  #set(booking, state) {
    this.#booking = booking;
    this.state = state;
    this.#changed();
  }

  #changed() {
    this.#tell("change");
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Whether the service refused with what it knows of the booking, and not for a while. */
function isAnswer(error) {
  return error.status >= 400 && error.status < 500 && error.status !== 429 && !isPassing(error);
}
