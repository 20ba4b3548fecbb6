/** One page of this browser at a time, by the browser's own locks, or by a note where it has none. */

import * as storage from "./storage.js";

// Longer than a request may take; a page that was killed holds the others up no longer than this.
const NOTE_MS = 25_000;
const LOOK_AGAIN_MS = 500;

const page = Math.random().toString(36).slice(2);

/**
 * Wait until no other page does work of this name, then do it.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(name, work) {
  // Browsers have locks only on pages that came over https or from this machine.
  if (navigator.locks) return navigator.locks.request(name, work);
  while (!noted(name)) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  const renewal = setInterval(() => noted(name), NOTE_MS / 3);
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    if (storage.read(`lock/${name}`)?.startsWith(page)) storage.remove(`lock/${name}`);
  }
}

/**
 * Write down that this page is at it. Two pages that do so in the same moment both go ahead: what they
 * send twice is kept once.
 * @param {string} name
 * @returns {boolean} false: another page is
 */
function noted(name) {
  const [holder, until] = storage.read(`lock/${name}`)?.split(" ") ?? [];
  if (holder && holder !== page && Number(until) > Date.now()) return false;
  storage.write(`lock/${name}`, `${page} ${Date.now() + NOTE_MS}`);
  return true;
}
