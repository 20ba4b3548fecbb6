/** Keys that rate: single ones, never while somebody types, and not for those who switched them off. */

import * as storage from "./storage.js";

const SWITCH = "keys";
/** What this page alone knows, where the browser keeps nothing. @type {string | null} */
let unkept = null;
const OURS = ["1", "2", "3", "4", "5", "s", "d", "f", "u", "g"];
const TYPING = "input:not([type='radio'], [type='checkbox']), textarea, select, [contenteditable]:not([contenteditable='false']), [role='textbox']";

/** @returns {boolean} */
export function keysOn() {
  return (unkept ?? storage.read(SWITCH)) !== "off";
}

/** @param {boolean} on */
export function switchKeys(on) {
  const words = on ? "on" : "off";
  unkept = storage.write(SWITCH, words) ? null : words;
}

/**
 * Which of our keys was pressed, if it was meant for us.
 * @param {KeyboardEvent} event
 * @returns {string} "1" to "5", a small letter, "?", or empty
 */
export function keyOf(event) {
  if (document.querySelector("dialog:modal") || !isBare(event)) return "";
  if (event.key === "?") return "?";
  if (event.shiftKey) return "";
  const key = event.key.toLowerCase();
  return OURS.includes(key) ? key : digitOf(event, 5);
}

/**
 * The digit that was pressed in a dialog that asks for one.
 * @param {KeyboardEvent} event
 * @param {number} most
 * @returns {string} empty: another key, or those who do not want single keys
 */
export function digitInDialog(event, most) {
  return keysOn() && isBare(event) && !event.shiftKey ? digitOf(event, most) : "";
}

/** A single key that nobody types with. */
function isBare(/** @type {KeyboardEvent} */ event) {
  // A held key repeats: it must not rate twenty prompts.
  if (event.repeat || event.isComposing || event.defaultPrevented) return false;
  if (event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph")) return false;
  const target = event.composedPath()[0];
  return !(target instanceof Element && target.closest(TYPING));
}

/**
 * @param {KeyboardEvent} event
 * @param {number} most
 */
function digitOf(event, most) {
  // On some keyboards a digit takes Shift: there the key at its place counts.
  const digit = /^\d$/.test(event.key) ? event.key : (/^Digit(\d)$/.exec(event.code)?.[1] ?? "");
  return digit >= "1" && digit <= String(most) ? digit : "";
}
