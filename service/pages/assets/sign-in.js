// The dialog that signs people in and makes accounts, and the account in the head of the page.

import { account, call, get, keepToken, post, token } from "./api.js";
import { byId, h, show } from "./elements.js";

let settle = null; // what waits for the dialog

/** The token, asked for if need be; false when whoever is asked closes the dialog. */
export function signedIn() {
  if (token()) return Promise.resolve(true);
  byId("sign-in").showModal();
  return new Promise((resolve) => {
    settle?.(false);
    settle = resolve;
  });
}

/** Make the dialog work, and show whose token there is. */
export function prepareSignIn() {
  const dialog = byId("sign-in");
  const form = dialog.querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(form, event.submitter?.value === "register");
  });
  dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    settle?.(token() !== null);
    settle = null;
  });
  account.addEventListener("change", showAccount);
  showAccount();
}

async function submit(form, registers) {
  const dialog = byId("sign-in");
  const complaint = form.querySelector("[role=alert]");
  const buttons = form.querySelectorAll("button");
  const credentials = { email: form.elements.email.value, password: form.elements.password.value };
  complaint.textContent = "";
  buttons.forEach((button) => (button.disabled = true));
  try {
    if (registers) await post("/v1/auth/signup", credentials);
    keepToken((await post("/v1/auth/signin", credentials)).token);
    form.reset();
    dialog.close();
  } catch (error) {
    complaint.textContent = error.message;
    form.elements[error.details.field === "password" ? "password" : "email"].focus();
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

async function showAccount() {
  const place = byId("account");
  if (!token()) {
    place.replaceChildren(h("button", { type: "button", class: "quiet", onclick: signedIn }, "Sign in"));
    return;
  }
  const name = h("span", { class: "who" });
  place.replaceChildren(name, h("button", { type: "button", class: "quiet", onclick: signOut }, "Sign out"));
  const { user } = await get("/v1/me").catch(() => ({ user: null }));
  name.textContent = user?.email ?? "";
  show(name, user !== null);
}

async function signOut() {
  await call("POST", "/v1/auth/signout").catch(() => null); // signed out here, whatever the service says
  keepToken(null);
}
