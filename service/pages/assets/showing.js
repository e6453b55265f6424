// What is shown, where and when: the head of the booking page.

import { get, list } from "./api.js";
import { byId, h, show } from "./elements.js";
import { dateOf, day, money, time } from "./format.js";

/** Show the session, and return it with `price` and `currency` where the programme of its day has it. */
export async function showing(id) {
  const { session } = await get(`/v1/sessions/${encodeURIComponent(id)}`);
  const [movie, showtime] = await Promise.all([
    get(`/v1/movies/${session.movie.id}`).then((answer) => answer.movie, () => null),
    find(session).catch(() => undefined),
  ]);
  const { ends_at: endsAt, price, currency = "EUR" } = showtime ?? {};
  document.title = `${session.movie.title} · Holdfast`;
  byId("title").textContent = session.movie.title;
  byId("when").dateTime = session.starts_at;
  byId("when").textContent = `${day(session.starts_at)}, ${time(session.starts_at)}${endsAt ? `–${time(endsAt)}` : ""}`;
  byId("place").textContent = session.place.name;
  byId("facts").textContent = [
    movie && `${movie.duration} min`,
    movie?.rating && `★ ${movie.rating.toFixed(1)}`,
    price !== undefined && `from ${money(price, currency)}`,
  ].filter(Boolean).join(" · ");
  drawPoster(session.movie, movie?.poster);
  show(byId("showing"));
  return { ...session, price, currency };
}

async function find({ id, movie, place, starts_at: startsAt }) {
  const programme = `/v1/showtimes?date=${dateOf(startsAt)}&movie=${movie.id}&place=${place.id}`;
  return (await list(programme, "showtimes")).find((one) => one.id === id);
}

/** The poster that this service has; others are on servers that need not know who looks. Else a colour of its own. */
function drawPoster({ id, title }, poster) {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 0);
  byId("poster").style.setProperty("--hue", hue);
  byId("poster").replaceChildren(poster?.startsWith("/") ? h("img", { src: poster, alt: "" }) : h("span", {}, title[0] ?? ""));
}
