/** Sign in, or one's name with today's ratings and the way out; and the form itself, for the card. */

import { announce } from "./announce.js";
import { openDialog, seenAs } from "./presence.js";
import * as session from "./session.js";
import { initials, number } from "./words.js";

/**
 * @param {HTMLElement} element
 * @param {{errors: Record<string, string>}} props what went wrong, by the code that stands in the address
 */
export function start(element, props) {
  const place = /** @type {HTMLElement} */ (element.querySelector(".account"));
  const from = askedByAddress();
  const trouble = from.error === null ? "" : (props.errors[from.error] ?? "Sign-in did not work; try again.");
  let shown = "";
  session.onChange((now) => {
    const who = `${now.signed_in} ${now.key} ${now.username} ${now.sign_in}`;
    if (who !== shown) {
      const hadFocus = place.contains(document.activeElement);
      place.replaceChildren(...(now.signed_in ? signedIn(now) : [signInForm(now, shown ? "" : trouble)]));
      if (trouble && !shown) announce(trouble);
      // What had the focus has gone; its place takes it, and no button that somebody may press unseen.
      if (hadFocus) place.focus();
      else if (from.wanted && !shown) focusFirst(place);
    }
    shown = who;
    const me = place.querySelector(".account-today");
    if (me) me.textContent = now.me ? `${number(now.me.today)} today` : "";
    const open = /** @type {HTMLElement | null} */ (place.querySelector(".account-open"));
    if (open) open.title = `${seenAs(now.presence)} Change it`;
  });
}

/** @param {HTMLElement} place */
export function focusFirst(place) {
  /** @type {HTMLElement | null} */ (place.querySelector("input, a, button"))?.focus();
}

/**
 * A circle with the first letters of a name, and over it the picture there is of somebody, if it can be had.
 * @param {string} name
 * @param {string} seed decides the colour, and the letters of who has no name
 * @param {string} [picture] an address of this sprint: another site would learn who is looking
 */
export function portrait(name, seed, picture = "") {
  const circle = document.createElement("span");
  circle.className = "portrait";
  circle.setAttribute("aria-hidden", "true");
  circle.textContent = initials(name || seed);
  const hue = [...seed].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  circle.style.setProperty("--hue", String(hue));
  if (picture) {
    const image = Object.assign(new Image(), { src: picture, alt: "", width: 32, height: 32, loading: "lazy" });
    image.addEventListener("error", () => image.remove());
    circle.append(image);
  }
  return circle;
}

/** @param {session.Session} now */
function signedIn(now) {
  const open = document.createElement("button");
  open.type = "button";
  open.className = "quiet account-open";
  open.setAttribute("aria-haspopup", "dialog");
  open.addEventListener("click", () => openDialog());
  const who = document.createElement("span");
  who.className = "account-who";
  const name = document.createElement("span");
  name.className = "account-name";
  name.textContent = now.name || now.username;
  name.dir = "auto";
  const today = document.createElement("span");
  today.className = "account-today";
  who.append(name, today);
  const out = document.createElement("button");
  out.type = "button";
  out.className = "quiet";
  out.textContent = "Sign out";
  out.addEventListener("click", () => session.signOut().catch((failure) => (today.textContent = failure.message)));
  open.append(portrait(now.name || "", now.username || ""), who);
  return [open, out];
}

/**
 * The way to sign in that is open here.
 * @param {session.Session} now
 * @param {string} [trouble] what went wrong last time
 * @returns {HTMLElement}
 */
export function signInForm(now, trouble = "") {
  const form = { local: localForm, provider: providerLink, none: closed }[now.sign_in] ?? closed;
  const place = form();
  const state = document.createElement("p");
  state.className = "sign-in-trouble";
  state.setAttribute("role", "status");
  state.textContent = trouble;
  place.append(state);
  if (window.top !== window.self) place.append(ownTab());
  return place;
}

function localForm() {
  const form = document.createElement("form");
  form.className = "sign-in";
  const label = document.createElement("label");
  const words = document.createElement("span");
  words.textContent = "Your name";
  const input = document.createElement("input");
  Object.assign(input, { name: "name", required: true, maxLength: 60, autocomplete: "nickname", spellcheck: false });
  label.append(words, input);
  const button = document.createElement("button");
  button.className = "action";
  button.textContent = "Sign in";
  form.append(label, button);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const state = /** @type {HTMLElement} */ (form.querySelector(".sign-in-trouble"));
    state.textContent = "";
    await session.signInLocally(input.value.trim()).catch((failure) => {
      state.textContent = failure.message;
      input.focus();
    });
  });
  return form;
}

function providerLink() {
  const place = document.createElement("div");
  place.className = "sign-in";
  const link = document.createElement("a");
  link.className = "action";
  link.textContent = "Sign in";
  const setAddress = () => (link.href = `/login?next=${encodeURIComponent(ownAddress())}`);
  setAddress();
  // The open tab may have changed since.
  link.addEventListener("click", setAddress);
  place.append(link);
  return place;
}

function closed() {
  const place = document.createElement("div");
  place.className = "sign-in";
  place.append("Sign-in is not open here.");
  return place;
}

/** In a frame, some browsers keep no cookies. */
function ownTab() {
  const link = document.createElement("a");
  link.className = "own-tab";
  link.textContent = "Open in its own tab";
  link.href = location.origin + ownAddress();
  link.target = "_blank";
  link.rel = "noopener";
  return link;
}

/** The address of this page, without what a sign-in left there. */
function ownAddress() {
  const address = new URL(location.href);
  address.searchParams.delete("sign_in");
  address.searchParams.delete("sign_in_error");
  return address.pathname + address.search;
}

/** What the address says of signing in; afterwards it says so no more. */
function askedByAddress() {
  const words = new URL(location.href).searchParams;
  const asked = { wanted: words.has("sign_in"), error: words.get("sign_in_error") };
  history.replaceState(history.state, "", ownAddress());
  return asked;
}
