/** Keys that rate: single ones, never while somebody types, and not for those who switched them off. */

const SWITCH = "keys";
const OURS = ["1", "2", "3", "4", "5", "s"];
const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable='false']), [role='textbox']";

/** @returns {boolean} */
export function keysOn() {
  try {
    return localStorage.getItem(SWITCH) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
export function switchKeys(on) {
  try {
    localStorage.setItem(SWITCH, on ? "on" : "off");
  } catch {
    // Then they stay as they are.
  }
}

/**
 * Which of our keys was pressed, if it was meant for us.
 * @param {KeyboardEvent} event
 * @returns {string} "1" to "5", "s", "?", or empty
 */
export function keyOf(event) {
  // A held key repeats: it must not rate twenty prompts.
  if (event.repeat || event.isComposing || event.defaultPrevented) return "";
  if (event.ctrlKey || event.altKey || event.metaKey || event.getModifierState("AltGraph")) return "";
  const target = event.composedPath()[0];
  if (target instanceof Element && target.closest(TYPING)) return "";
  if (document.querySelector("dialog[open]")) return "";
  if (event.key === "?") return "?";
  if (event.shiftKey) return "";
  const key = event.key.toLowerCase();
  if (OURS.includes(key)) return key;
  // On some keyboards a digit takes Shift: there the key at its place counts.
  return /^\d$/.test(key) ? "" : (/^Digit([1-5])$/.exec(event.code)?.[1] ?? "");
}
