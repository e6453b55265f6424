// The public API: JSON in and out, with the account's token.

import { learn, learnFromDate } from "./clock.js";

const TOKEN = "holdfast.token";
const PAUSES = [300, 900, 2_000]; // ms before each further attempt
const PASSING = ["unreachable", "service_unavailable", "idempotency_in_progress", "booking_confirming"];
const PATIENCE = 10_000; // ms until an answer is given up

export const account = new EventTarget(); // "change" when somebody signs in or out

/** A refusal: `code` is for programs, `message` for people, and `details` is the whole error. */
export class ApiError extends Error {
  constructor(status, details) {
    super(details.message);
    Object.assign(this, { status, details, code: details.code });
  }
}

export function token() {
  return sessionStorage.getItem(TOKEN);
}

export function keepToken(value) {
  if (value === null) sessionStorage.removeItem(TOKEN);
  else sessionStorage.setItem(TOKEN, value);
  account.dispatchEvent(new Event("change"));
}

/** The answer of the API, or an `ApiError`. A `key` makes it safe to send again when the answer is lost. */
export async function call(method, path, { body, key } = {}) {
  const headers = {};
  if (token()) headers.Authorization = `Bearer ${token()}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const sent = performance.now();
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE);
    response = await fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store", signal });
  } catch {
    throw new ApiError(0, { code: "unreachable", message: "Holdfast is out of reach. Check your connection." });
  }
  learnFromDate(response.headers.get("Date"), sent, performance.now());
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, answer);
  const { closes_at: closes, expires_in_ms: left } = answer?.booking ?? {};
  if (left !== undefined) learn(Date.parse(closes) - left, Date.parse(closes) - left, sent, performance.now());
  return answer;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, { body });

/** Like `post`, sent again under one key while the service is out of reach, for what must not be done twice. */
export async function postSafely(path, body) {
  const key = Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("-");
  for (const pause of PAUSES) {
    try {
      return await call("POST", path, { body, key });
    } catch (error) {
      if (!isPassing(error)) throw error;
      await sleep(pause);
    }
  }
  return call("POST", path, { body, key });
}

/** The status that a path would be answered with; 0 while the service is out of reach. */
export function statusOf(path) {
  const signal = AbortSignal.timeout(PATIENCE);
  return fetch(path, { method: "HEAD", cache: "no-store", signal }).then((response) => response.status, () => 0);
}

/** Whether it may have been done all the same, and asking again can tell. */
export function isPassing(error) {
  return PASSING.includes(error.code);
}

export function sleep(milliseconds) {
  return new Promise((resume) => setTimeout(resume, milliseconds));
}

/** All items of a list, page by page; at most `most` of them. */
export async function list(path, name, most = 1_000) {
  const items = [];
  const address = new URL(path, location.origin);
  address.searchParams.set("limit", "100");
  for (;;) {
    const answer = await get(address);
    items.push(...answer[name]);
    if (!answer.metadata.has_more || items.length >= most) return items.slice(0, most);
    address.searchParams.set("cursor", answer.metadata.end_cursor);
  }
}

function refusal(response, answer) {
  const details = answer?.errors?.[0] ?? { code: "unexpected", message: "Something went wrong. Please try again." };
  if (response.status === 401 && details.code !== "invalid_credentials" && token()) keepToken(null);
  return new ApiError(response.status, details);
}
