// Events of the service as they happen. A browser reconnects by itself while it can, and resumes where it was; after an
// answer that ends that, such as 503, this does.

const AGAIN = [1_000, 2_000, 5_000, 10_000]; // ms

/**
 * Follow a stream; `on` has a function for each event by name, called with its data, and `state` with "live" or "lost".
 * What is returned ends it.
 */
export function follow(path, { state, ...on }) {
  let source;
  let timer;
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
      timer = setTimeout(open, AGAIN[Math.min(failures++, AGAIN.length - 1)]);
    };
    for (const [name, listen] of Object.entries(on)) {
      source.addEventListener(name, (event) => listen(event.data ? JSON.parse(event.data) : {}));
    }
  };
  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}
