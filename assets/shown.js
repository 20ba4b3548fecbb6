/** Which prompt each page of this person has on its card: two pages do not show the same one if there are others. */

import * as storage from "./storage.js";

// What a page that was killed left behind holds a prompt back no longer than this.
const STALE_MS = 15 * 60_000;

const page = Math.random().toString(36).slice(2);

export class Shown {
  /** @param {() => void} clash another page shows the same prompt, and this one should give way */
  constructor(clash) {
    this.clash = clash;
    this.owner = "";
    this.promptId = "";
    /** @type {Map<string, string>} what the other pages wrote */
    this.others = new Map();
    window.addEventListener("storage", (event) => this.hear(event));
    window.addEventListener("pagehide", () => storage.remove(this.name));
    window.addEventListener("pageshow", (event) => event.persisted && this.write());
  }

  get prefix() {
    return `shown/${encodeURIComponent(this.owner)}/`;
  }

  get name() {
    return this.prefix + page;
  }

  /** @param {string} key names the person; empty: nobody */
  belongTo(key) {
    storage.remove(this.name);
    this.owner = key;
    this.promptId = "";
    this.others = new Map(storage.names(this.prefix).map((name) => [name, storage.read(name) ?? ""]));
  }

  /** @param {string} promptId what is on the card now; empty: nothing */
  put(promptId) {
    if (promptId === this.promptId) return;
    this.promptId = promptId;
    this.write();
  }

  write() {
    if (this.promptId && this.owner) storage.write(this.name, `${this.promptId} ${Date.now()}`);
    else storage.remove(this.name);
  }

  /** @returns {Set<string>} prompts on the cards of the other pages */
  elsewhere() {
    const found = new Set();
    for (const [name, note] of this.others) {
      const [promptId, at] = note.split(" ");
      if (Date.now() - Number(at) < STALE_MS) found.add(promptId);
      else this.others.delete(name);
    }
    return found;
  }

  /** @param {StorageEvent} event */
  hear(event) {
    if (!event.key?.startsWith(this.prefix) || event.key === this.name) return;
    if (event.newValue === null) this.others.delete(event.key);
    else this.others.set(event.key, event.newValue);
    if (!this.promptId || event.newValue?.split(" ")[0] !== this.promptId) return;
    // Both took it in the same moment: the one nobody looks at gives way, else the one with the later name.
    if (document.visibilityState === "hidden" || event.key < this.name) this.clash();
  }
}
