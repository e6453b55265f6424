// The page where customers book seats of one session.

import { account, ApiError, get, token } from "./api.js";
import { Booking } from "./booking.js";
import { byId, h, say, show } from "./elements.js";
import { enumerated, plural } from "./format.js";
import { follow } from "./live.js";
import { legend } from "./legend.js";
import { SeatMap } from "./seat-map.js";
import { showing } from "./showing.js";
import { prepareSignIn, signedIn } from "./sign-in.js";
import { Tray } from "./tray.js";

const SESSION = decodeURIComponent(location.pathname.split("/").pop());
const booking = new Booking(SESSION);
const states = new Map(); // by label, as the service tells; a seat that is not here is free
let map = null;
let tray = null;
let live = false; // whether others' seats are told as they change
let resumed = null; // the search for a booking that is open already

prepareSignIn();
start().catch((error) => {
  if (!(error instanceof ApiError)) throw error;
  closed(error.code === "session_not_found" ? "There is no such session. Its link may be old." : error.message);
});

async function start() {
  const session = await showing(SESSION);
  const plan = await get(`/v1/sessions/${SESSION}/seats`).catch((error) => {
    if (error.status === 404) return null; // the seats are counted
    throw error;
  });
  show(byId("stage"));
  const again = (labels) => hold(() => booking.want(labels));
  tray = new Tray(booking, session, { pick, again, numbered: plan !== null });
  if (plan) drawPlan(plan, session);
  else show(byId("meter"));
  byId("seats-heading").textContent = plan ? "Choose your seats" : "How many seats?";
  byId("best").textContent = plan ? "Find the best seats" : "Hold seats";
  byId("count-label").textContent = plan ? "Seats together" : "Seats";
  count(session);
  prepareBooking();
  followWhileSeen();
}

/** Follow the session while somebody looks: a browser has six connections for all of its tabs. */
function followWhileSeen() {
  let unfollow = null;
  const end = (reason) => {
    document.removeEventListener("visibilitychange", turn);
    unfollow();
    closed(reason);
  };
  const cancelled = () => end("This session was cancelled.");
  const gone = (status) => (status === 404 ? end("There is no such session any more.") : cancelled());
  const turn = () => {
    unfollow?.();
    connection("waiting");
    unfollow = document.hidden ? null : follow(`/v1/sessions/${SESSION}/live`, { snapshot, change, closed: cancelled, gone, state: connection });
  };
  document.addEventListener("visibilitychange", turn);
  turn();
}

function drawPlan(plan, session) {
  map = new SeatMap(byId("map"), { pick, currency: session.currency });
  show(byId("plan"));
  map.draw(plan.rows);
  for (const seat of plan.rows.flatMap((row) => row.seats)) {
    if (seat && seat.state !== "free") states.set(seat.label, seat.state === "yours" ? "held" : seat.state);
  }
  const seats = plan.rows.flatMap((row) => row.seats).filter(Boolean);
  legend(byId("legend"), seats, session.currency);
  prepareZoom();
  const spaces = seats.filter((seat) => seat.kind === "wheelchair").length;
  show(byId("wheelchair-field"), spaces > 0);
  byId("wheelchair").append(...Array.from({ length: Math.min(spaces, 8) + 1 }, (_, n) => h("option", { value: n }, n || "none")));
}

function prepareZoom() {
  const button = byId("zoom");
  const zoom = (whole) => {
    button.setAttribute("aria-pressed", String(whole));
    map.zoom(whole);
  };
  zoom(map.fits && matchMedia("(pointer: fine)").matches);
  button.addEventListener("click", () => zoom(button.getAttribute("aria-pressed") === "false"));
  byId("map").addEventListener("closer", () => zoom(false));
  new ResizeObserver(() => show(button, map.overflows)).observe(byId("plan"));
}

function prepareBooking() {
  byId("together").addEventListener("submit", (event) => {
    event.preventDefault();
    hold(() => booking.best(byId("count").valueAsNumber, Number(byId("wheelchair").value)));
  });
  for (const button of document.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => (Number(button.dataset.step) > 0 ? byId("count").stepUp() : byId("count").stepDown()));
  }
  booking.addEventListener("change", redraw);
  booking.addEventListener("refused", ({ detail }) => refused(detail));
  booking.addEventListener("settled", () => tray.complain(""));
  account.addEventListener("change", () => (token() ? resume() : booking.forget()));
  document.addEventListener("visibilitychange", () => token() && !document.hidden && resume());
  setInterval(() => booking.tick(), 250);
  if (token()) resume();
  redraw();
}

function resume() {
  resumed = booking.resume().catch(() => null); // it is tried again when the page is next looked at
}

/** Pick a seat, or give it back. */
function pick(label) {
  const mine = () => (["none", "held"].includes(booking.state) ? booking.wanted : []);
  if (states.has(label) && !mine().includes(label)) say(`${map.seat(label).cell.getAttribute("aria-label")}. Choose another.`);
  else hold(() => booking.want(mine().includes(label) ? mine().filter((other) => other !== label) : [...mine(), label]));
}

async function hold(change) {
  if (booking.state === "confirmed" || booking.state === "lapsed") booking.forget();
  tray.complain("");
  if (!(await signedIn())) return;
  await resumed;
  await change();
}

function refused(error) {
  const { taken, available, split } = error.details;
  if (taken?.length) {
    if (!live) for (const label of taken) if (!states.has(label)) mark({ label, state: "held" }); // else it was told, and may be free again
    const others = booking.labels.length ? " You keep the others." : "";
    tray.complain(`${enumerated(taken)} ${taken.length > 1 ? "were" : "was"} taken by somebody else a moment ago.${others} Choose another.`);
  } else if (split?.length) {
    const groups = split.map((labels) => [...new Set([labels[0], labels.at(-1)])].join("–")); // side by side, each of them
    tray.complain(`So many seats are not free together. The best division is ${enumerated(groups)}.`, {
      text: "Take these", take: () => hold(() => booking.want(split.flat())), tone: "offer",
    });
  } else if (error.code === "seats_unavailable") {
    tray.complain(available === undefined ? "So many seats are not free." : `Only ${plural(available, "seat")} ${available === 1 ? "is" : "are"} free.`);
  } else tray.complain(error.message);
}

function snapshot(event) {
  states.clear();
  for (const seat of event.seats ?? []) states.set(seat.label, seat.state);
  count(event);
  redraw();
}

function change(event) {
  for (const seat of event.seats ?? []) mark(seat);
  count(event);
}

function mark({ label, state }) {
  if (state === "free") states.delete(label);
  else states.set(label, state);
  drawSeat(label);
  const seat = map?.seat(label);
  if (seat?.cell === document.activeElement && !booking.wanted.includes(label)) say(seat.cell.getAttribute("aria-label"));
}

function drawSeat(label) {
  if (!map) return;
  const own = booking.wanted.includes(label);
  map.await(label, own && !booking.labels.includes(label));
  map.set(label, own ? (booking.state === "confirmed" ? "bought" : "yours") : (states.get(label) ?? "free"));
}

function redraw() {
  map?.labels().forEach(drawSeat);
  tray.draw();
}

function count({ available, capacity }) {
  byId("free").textContent = plural(available, "seat");
  byId("of").textContent = `of ${capacity} free`;
  byId("meter").firstElementChild.style.setProperty("--share", capacity ? available / capacity : 0);
}

function connection(state) {
  live = state === "live";
  byId("live").dataset.state = state;
  byId("live").textContent = { live: "Live", lost: "Reconnecting…", waiting: "Connecting…" }[state];
}

function closed(reason) {
  byId("banner").textContent = reason;
  show(byId("banner"));
  show(byId("stage"), false);
  show(byId("live"), false);
}
