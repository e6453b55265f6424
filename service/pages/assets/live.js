// Events of the service as they happen. A browser reconnects by itself while it can, and resumes where it was; after an
// answer that ends that, such as 503, this does.

import { statusOf } from "./api.js";

const AGAIN = [1_000, 2_000, 5_000, 10_000]; // ms
const GONE = [404, 409]; // no such session any more, or it is cancelled

/**
 * Follow a stream; `on` has a function for each event by name, called with its data, and `state` with "live" or "lost".
 * `gone` is called, and nothing follows, if it is not to be had any more: a browser keeps the status of an answer to
 * itself. What is returned ends it.
 */
export function follow(path, { state, gone, ...on }) {
  let source;
  let timer;
  let ended = false;
  let failures = 0;
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => {
      failures = 0;
      state?.("live");
    };
    source.onerror = () => {
      state?.("lost");
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(again, AGAIN[Math.min(failures++, AGAIN.length - 1)]);
    };
    for (const [name, listen] of Object.entries(on)) {
      source.addEventListener(name, (event) => listen(event.data ? JSON.parse(event.data) : {}));
    }
  };
  const again = async () => {
    const status = await statusOf(path);
    if (ended) return;
    if (GONE.includes(status)) gone(status);
    else open();
  };
  open();
  return () => {
    ended = true;
    clearTimeout(timer);
    source.close();
  };
}
