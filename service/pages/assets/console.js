// The page where staff watch sessions sell.

import { account, get, token } from "./api.js";
import { serverNow } from "./clock.js";
import { Detail } from "./detail.js";
import { byId, h, show } from "./elements.js";
import { Figures } from "./figures.js";
import { dateOf, day, money, number, share } from "./format.js";
import { Jobs } from "./jobs.js";
import { Programme } from "./programme.js";
import { prepareSignIn, signedIn } from "./sign-in.js";

const WELCOME = "Sessions as they fill, holds as they tick away, and what they bring in. Sign in as a manager or an administrator.";
const NO_STAFF = "This account is a customer's. Sign in as a manager or an administrator.";
const SETTLE = 1_500; // ms after a sale until figures are read again, so that a premiere does not read them all the time

const detail = new Detail();
const programme = new Programme({ choose: (session) => detail.open(session), changed: tiles, sold: soon, gone: reload });
const figures = new Figures();
const jobs = new Jobs();
let due = null;
let entries = 0; // what was asked before the last of each is not shown
let loads = 0;
let readings = 0;
let today = dateOf(serverNow());

prepareSignIn();
account.addEventListener("change", enter);
byId("enter").addEventListener("click", signedIn);
byId("filters").addEventListener("submit", (event) => event.preventDefault());
for (const id of ["date", "place"]) byId(id).addEventListener("change", reload);
document.addEventListener("visibilitychange", () => !document.hidden && !byId("board").hidden && dayTurns() && refresh());
byId("date").value = today;
enter();

async function enter() {
  const entry = ++entries;
  const user = token() ? (await get("/v1/me").catch(() => null))?.user : null;
  if (entry !== entries) return; // somebody signed in or out meanwhile
  const staff = user?.role === "manager" || user?.role === "admin";
  byId("welcome-text").textContent = user && !staff ? NO_STAFF : WELCOME;
  show(byId("enter"), !user);
  show(byId("welcome"), !staff);
  show(byId("board"), staff);
  show(byId("jobs"), user?.role === "admin");
  jobs.run(user?.role === "admin");
  if (!staff) return leave();
  dayTurns();
  await refresh();
}

function refresh() {
  return Promise.all([load(), figures.load()]).then(() => show(byId("banner"), false), failed);
}

function reload() {
  return load().then(() => show(byId("banner"), false), failed);
}

/** Go on to the new day at midnight, where the day that was looked at was today; whether it is another day. */
function dayTurns() {
  const before = today;
  today = dateOf(serverNow());
  if (byId("date").value === before) byId("date").value = today;
  return today !== before;
}

function leave() {
  loads += 1;
  readings += 1;
  clearTimeout(due);
  due = null;
  programme.close();
  detail.close();
}

/** The day's sessions and sums. The report knows the places that are the reader's own. */
async function load() {
  const date = byId("date").value;
  if (!date) return;
  const mine = ++loads;
  byId("day-heading").textContent = date === today ? "Today" : day(`${date}T12:00Z`);
  const places = await sums();
  if (mine !== loads) return;
  await programme.load(date, byId("place").value ? places.filter((place) => place.key === byId("place").value) : places);
}

function failed(error) {
  byId("banner").textContent = error.message;
  show(byId("banner"));
}

async function sums() {
  const mine = ++readings;
  const date = byId("date").value;
  const { rows, total } = await get(`/v1/admin/reports/sales?from=${date}&to=${date}&group_by=place`);
  if (mine !== readings) return rows;
  offer(rows);
  const chosen = byId("place").value;
  const shown = chosen ? (rows.find((row) => row.key === chosen) ?? { seats: 0, revenue: 0, occupancy: null }) : total;
  byId("tile-sold").textContent = number(shown.seats);
  byId("tile-revenue").textContent = money(shown.revenue, "EUR", { short: true });
  byId("tile-occupancy").textContent = share(shown.occupancy);
  return rows;
}

/** Let one of the places be chosen. A list that is as it was stays, since it may be open. */
function offer(places) {
  const chosen = byId("place").value;
  const keys = ["", ...places.map((place) => place.key)];
  if (keys.join() === [...byId("place").options].map((option) => option.value).join()) return;
  byId("place").replaceChildren(
    h("option", { value: "" }, "All places"),
    ...places.map(({ key, label }) => h("option", { value: key, selected: key === chosen }, label)),
  );
}

function tiles({ held }) {
  byId("tile-held").textContent = number(held);
}

/** Something was sold: read the sums again, once for all that is sold within a moment. */
function soon() {
  due ??= setTimeout(async () => {
    due = null;
    await (dayTurns() ? refresh() : Promise.all([sums(), figures.load()])).catch(() => null); // with the next sale, or when the page is opened again
  }, SETTLE);
}
