/** The page around the screens: starts each part, keeps the open tab in the address, shows tabs to those they are for. */

import { subscribe } from "./live.js";
// Before anything is asked of the sprint, so that the first answer tells already whether it is all there.
import "./restoring.js";
import * as session from "./session.js";

const started = new WeakSet();

/**
 * Bring one part of the page to life, once.
 * @param {HTMLElement} element
 * @param {{view: string}} props what the panel handed over
 * @param {{start?: Function, render?: Function}} screen the module that was loaded for it
 */
export function start(element, props, screen) {
  if (started.has(element)) return;
  started.add(element);
  screen.start?.(element, { ...props });
  if (props.view) subscribe(props.view, element, (document) => screen.render(element, document));
}

const tabButtons = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#tabs [role=tab]")]);
const openTab = () => tabButtons().find((button) => button.getAttribute("aria-selected") === "true")?.dataset.tabId;

function tabOfAddress() {
  return new URL(location.href).searchParams.get("tab") ?? tabButtons()[0]?.dataset.tabId;
}

function openTabOfAddress() {
  const wanted = tabOfAddress();
  if (wanted === openTab()) return;
  const button = tabButtons().find((tab) => tab.dataset.tabId === wanted);
  if (button?.checkVisibility()) button.click();
}

/** @param {string} name of a tab, as it stands in the address */
export function showTab(name) {
  tabButtons().find((tab) => tab.dataset.tabId === name)?.click();
}

/** Put the tab that was just opened into the address, as a step one can go back from. */
function nameTabInAddress() {
  const open = openTab();
  if (!open || open === tabOfAddress()) return;
  const address = new URL(location.href);
  if (open === tabButtons()[0].dataset.tabId) address.searchParams.delete("tab");
  else address.searchParams.set("tab", open);
  history.pushState(null, "", address);
}

function keepTabsAndAddressTogether() {
  // Another one than the first was pressed before this was loaded.
  const pressed = openTab();
  if (pressed && pressed !== tabButtons()[0].dataset.tabId) nameTabInAddress();
  else openTabOfAddress();
  const list = document.querySelector("#tabs [role=tablist]");
  new MutationObserver(nameTabInAddress).observe(list, { subtree: true, attributeFilter: ["aria-selected"] });
  window.addEventListener("popstate", openTabOfAddress);
}

/** @type {[string, string, (now: session.Session) => boolean][]} a tab, the class that shows it, and for whom it is */
const NOT_FOR_EVERYBODY = [
  ["mine", "signed-in", (now) => now.signed_in],
  ["organize", "organizer", (now) => now.organizer],
];

function showTabsToThoseTheyAreFor() {
  session.onChange((now) => {
    for (const [tab, name, isFor] of NOT_FOR_EVERYBODY) {
      document.body.classList.toggle(name, isFor(now));
      if (openTab() === tab && !isFor(now)) tabButtons()[0].click();
    }
    // A tab may have been asked for before it was known whether it is theirs.
    if (NOT_FOR_EVERYBODY.some(([tab, , isFor]) => tab === tabOfAddress() && isFor(now))) openTabOfAddress();
  });
}

/** Gradio puts the tabs on the page some time after this module is loaded. */
function whenTabsAreThere(/** @type {() => void} */ then) {
  if (tabButtons().length) return then();
  const waiting = new MutationObserver(() => {
    if (!tabButtons().length) return;
    waiting.disconnect();
    then();
  });
  waiting.observe(document.body, { childList: true, subtree: true });
}

whenTabsAreThere(() => {
  keepTabsAndAddressTogether();
  showTabsToThoseTheyAreFor();
});
