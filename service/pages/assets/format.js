// How prices, times and numbers are written.

export const ZONE = document.documentElement.dataset.timeZone;
const LOCALE = "en-GB";
const TIME = new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(LOCALE, { timeZone: ZONE, weekday: "long", day: "numeric", month: "long" });
const SHORT_DAY = new Intl.DateTimeFormat(LOCALE, { timeZone: "UTC", weekday: "short", day: "numeric" });
const PARTS = new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE }); // which writes dates as ISO does
const NUMBER = new Intl.NumberFormat(LOCALE);
const SHARE = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 0 });

export const time = (moment) => TIME.format(new Date(moment));
export const day = (moment) => DAY.format(new Date(moment));
export const shortDay = (date) => SHORT_DAY.format(new Date(`${date}T00:00Z`));
export const number = (value) => NUMBER.format(value);
export const share = (value) => (value === null ? "–" : SHARE.format(value));

/** The calendar day of a moment, `2026-06-05`. */
export const dateOf = (moment) => PARTS.format(new Date(moment));

/** A date some days later. */
export function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** An amount of cents; whole euros without cents if `short`. */
export function money(cents, currency = "EUR", { short = false } = {}) {
  const digits = short ? { minimumFractionDigits: 0, maximumFractionDigits: 0 } : {};
  return new Intl.NumberFormat(LOCALE, { style: "currency", currency, ...digits }).format(cents / 100);
}

/** Milliseconds as `0:47`, begun seconds counting. */
export function countdown(milliseconds) {
  const seconds = Math.ceil(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** `F7, F8 and G1`. */
export function enumerated(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
