// Jobs that are not done, for administrators.

import { get, post } from "./api.js";
import { byId, h, say, show } from "./elements.js";
import { day, plural, time } from "./format.js";

const AGAIN = 5_000; // ms between two looks at the list

export class Jobs {
  #timer = null;

  constructor() {
    byId("job-state").addEventListener("change", () => this.#load());
  }

  /** Look at the list every few seconds, or no more. */
  run(wanted) {
    clearInterval(this.#timer);
    if (!wanted) return;
    this.#timer = setInterval(() => document.hidden || this.#load(), AGAIN);
    this.#load();
  }

  async #load() {
    const state = byId("job-state").value;
    const answer = await get(`/v1/admin/jobs?limit=50${state && `&state=${state}`}`).catch(() => null);
    if (!answer) return; // next time
    byId("job-list").replaceChildren(...answer.jobs.map((job) => this.#item(job)));
    show(byId("no-jobs"), !answer.jobs.length);
  }

  #item({ id, name, state, attempts, last_error: error, created_at: created, next_run_at: next }) {
    const facts = [`${day(created)}, ${time(created)}`, attempts > 0 && plural(attempts, "failed attempt"), next && `next at ${time(next)}`];
    return h("li", {},
      h("span", { class: "state", "data-state": state }, state),
      h("div", {}, h("strong", {}, name), h("p", { class: "small" }, facts.filter(Boolean).join(" · ")), error && h("p", { class: "error" }, error)),
      state === "failed" && h("button", { type: "button", class: "secondary small", "aria-label": `Retry ${name}`, onclick: () => this.#retry(id) }, "Retry"));
  }

  async #retry(id) {
    const answer = await post(`/v1/admin/jobs/${id}/retry`).catch((error) => error);
    say(answer instanceof Error ? answer.message : "It is tried again.");
    await this.#load();
  }
}
