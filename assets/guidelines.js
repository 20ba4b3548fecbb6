/** How to rate: beside the card where there is room, over it where there is not; open the first time. */

import { announce } from "./announce.js";
import { subscribe } from "./live.js";
import * as session from "./session.js";
import * as storage from "./storage.js";

const SEEN = "guidelines";
// The guidelines take 24 beside the card, which needs the rest.
const BESIDE_REM = 62;

export class Guidelines {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLElement} button opens and closes it
   * @param {() => void} goOn puts the focus on the prompt
   */
  constructor(dialog, button, goOn) {
    this.dialog = dialog;
    const text = dialog.querySelector(".guidelines-text");
    // For the page itself: they have to be there when somebody opens them without a connection.
    // The server has made this HTML of Markdown, and lets nothing through that runs.
    subscribe("guidelines", null, ({ html }) => (text.innerHTML = html));
    this.button = button;
    this.goOn = goOn;
    button.addEventListener("click", () => this.toggle());
    dialog.querySelector(".close").addEventListener("click", () => this.close());
    dialog.addEventListener("close", () => this.closed());
    this.hasOpened = false;
    this.openedItself = false;
    session.onChange(() => this.openTheFirstTime());
    new ResizeObserver(() => {
      // What is beside the card on a wide screen would cover it on a narrow one, or with larger text.
      if (dialog.open && dialog.matches(":modal") === this.fitsBeside) this.close();
      // It may be on another tab of the page that somebody arrives.
      this.openTheFirstTime();
    }).observe(dialog.parentElement);
  }

  /** Whether both have room: how much that is goes with the size of the text. */
  get fitsBeside() {
    const root = getComputedStyle(document.documentElement);
    const wanted = BESIDE_REM * parseFloat(root.fontSize);
    return wanted <= parseFloat(root.getPropertyValue("--page-width")) && matchMedia(`(min-width: ${wanted}px)`).matches;
  }

  openTheFirstTime() {
    const isHere = session.current()?.signed_in;
    if (storage.read(SEEN) || !session.current() || !this.dialog.parentElement.getClientRects().length) return;
    // With some providers one comes back from signing in on a new page: only then it has been seen.
    if (isHere && this.hasOpened) storage.write(SEEN, "seen");
    // Over the card it waits until somebody is here to rate.
    if (this.hasOpened || (!isHere && !this.fitsBeside)) return;
    this.openedItself = true;
    this.open();
    if (isHere) storage.write(SEEN, "seen");
  }

  toggle() {
    if (this.dialog.open) return this.close();
    this.openedItself = false;
    this.open();
    announce("Guidelines opened.");
  }

  open() {
    this.hasOpened = true;
    // Without `show`, which would take the focus away from the card.
    if (this.fitsBeside) this.dialog.open = true;
    else this.dialog.showModal();
    this.button.setAttribute("aria-expanded", "true");
  }

  close() {
    this.hadFocus = this.dialog.contains(document.activeElement);
    this.dialog.close();
  }

  /** Leave the card to whoever wants to rate now; beside it they may stay. */
  giveWay() {
    if (!this.dialog.matches(":modal")) return;
    this.dialog.close();
    this.hadFocus = false;
  }

  /** Also by Escape. */
  closed() {
    storage.write(SEEN, "seen");
    this.button.setAttribute("aria-expanded", "false");
    announce("Guidelines closed.");
    if (this.openedItself) this.goOn();
    else if (this.hadFocus) this.button.focus({ preventScroll: true });
  }
}
