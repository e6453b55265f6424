// The server's clock, as far as its answers tell it. This machine's own may be wrong by hours, so only its steady
// counter is used: what is between sending a request and having the answer bounds when the server wrote it.

let earliest = -Infinity; // the server's time at zero of our counter, in ms: at least this,
let latest = Infinity; // and at most this

/** The server's clock stood between two times (ms) when it answered what was sent and received at these. */
export function learn(from, to, sent, received) {
  const [least, most] = [from - received, to - sent];
  const agrees = least <= latest && most >= earliest;
  earliest = agrees ? Math.max(earliest, least) : least; // it was set meanwhile, or we slept: begin anew
  latest = agrees ? Math.min(latest, most) : most;
}

/** Learn from the headers of an answer, whose date is in whole seconds. */
export function learnFromDate(date, sent, received) {
  const second = Date.parse(date ?? "");
  if (!Number.isNaN(second)) learn(second, second + 1_000, sent, received);
}

/** The server's time in ms; rather too late than too early, so that nobody is promised time that is not left. */
export function serverNow() {
  return Number.isFinite(latest) ? latest + performance.now() : Date.now();
}

/** The milliseconds until a moment of the server's, never below 0. */
export function millisecondsUntil(moment) {
  return Math.max(0, Date.parse(moment) - serverNow());
}
