/**
 * One person's small records in this browser: one key of localStorage for each, so that two pages never
 * overwrite each other, and an index of them in memory, so that thousands cost no more than a few.
 */

import * as storage from "./storage.js";

/** @typedef {{event_id: string, happened_at: number}} Row */

/** @template {Row} T */
export class Rows {
  /**
   * @param {string} room what they are; the first part of each key
   * @param {(added: T | null, removed: T | null) => void} changedElsewhere another page added or removed one
   */
  constructor(room, changedElsewhere) {
    this.room = room;
    this.changedElsewhere = changedElsewhere;
    this.owner = "";
    /** @type {Map<string, T>} oldest first, if `sorted` */
    this.index = new Map();
    this.sorted = true;
    this.lastAt = 0;
    /** @type {Map<string, {owner: string, row: T}>} held by this page alone: the browser kept them not */
    this.unkept = new Map();
    window.addEventListener("storage", (event) => this.hear(event));
    // A page that was put to sleep heard nothing of what the others did.
    window.addEventListener("pageshow", (event) => event.persisted && this.load());
    this.load();
  }

  /** @param {string} owner */
  prefix(owner) {
    return `${this.room}/${encodeURIComponent(owner)}/`;
  }

  /** @param {string} owner whose rows these are from now on; empty: nobody's */
  belongTo(owner) {
    this.owner = owner;
    this.load();
  }

  /** Read everything; only needed when a person comes, and after a sleep. */
  load() {
    const prefix = this.prefix(this.owner);
    const kept = storage.names(prefix).map((name) => readOrRemove(name));
    const unkept = [...this.unkept.values()].filter((held) => held.owner === this.owner);
    const rows = [...kept.filter((row) => row !== null), ...unkept.map((held) => held.row)];
    this.index = new Map(rows.map((row) => [row.event_id, /** @type {T} */ (row)]));
    this.sorted = false;
  }

  /**
   * @param {T} row
   * @returns {boolean} whether the browser keeps it
   */
  add(row) {
    const kept = storage.write(this.prefix(this.owner) + row.event_id, JSON.stringify(row));
    if (kept) this.unkept.delete(row.event_id);
    else this.unkept.set(row.event_id, { owner: this.owner, row });
    this.sorted &&= row.happened_at >= this.lastAt;
    this.lastAt = Math.max(this.lastAt, row.happened_at);
    this.index.set(row.event_id, row);
    return kept;
  }

  /**
   * @param {number} now
   * @returns {number} a moment after that of every row: a clock that was set back must not turn their order round
   */
  momentAfterAll(now) {
    this.sort();
    return Math.max(now, this.lastAt + 1);
  }

  /**
   * @param {string} eventId
   * @returns {T | undefined}
   */
  get(eventId) {
    return this.index.get(eventId);
  }

  /** @param {string} eventId */
  remove(eventId) {
    this.unkept.delete(eventId);
    this.index.delete(eventId);
    storage.remove(this.prefix(this.owner) + eventId);
  }

  get size() {
    return this.index.size;
  }

  /** Whether the browser keeps all of them. */
  get keeps() {
    return this.unkept.size === 0;
  }

  /**
   * @param {number} most
   * @returns {T[]} the oldest, those that another page removed a moment ago left out
   */
  oldest(most) {
    this.sort();
    const found = [];
    for (const [eventId, row] of this.index) {
      if (found.length === most) break;
      if (this.isGone(eventId)) this.index.delete(eventId);
      else found.push(row);
    }
    return found;
  }

  /** @returns {T | undefined} */
  get newest() {
    this.sort();
    return [...this.index.values()].at(-1);
  }

  /** @returns {T[]} */
  get all() {
    return this.oldest(Infinity);
  }

  /** @param {string} eventId */
  isGone(eventId) {
    return !this.unkept.has(eventId) && storage.read(this.prefix(this.owner) + eventId) === null;
  }

  sort() {
    if (this.sorted) return;
    const rows = [...this.index].sort(([, one], [, other]) => one.happened_at - other.happened_at);
    this.index = new Map(rows);
    this.lastAt = rows.at(-1)?.[1].happened_at ?? 0;
    this.sorted = true;
  }

  /** @param {StorageEvent} event */
  hear(event) {
    if (event.key === null) this.load();
    const prefix = this.prefix(this.owner);
    if (!event.key?.startsWith(prefix)) return;
    const eventId = event.key.slice(prefix.length);
    const removed = this.index.get(eventId) ?? null;
    const added = event.newValue === null ? null : parsed(event.key, event.newValue);
    if (added) {
      this.index.set(eventId, /** @type {T} */ (added));
      this.sorted = false;
    } else if (removed && !this.unkept.has(eventId)) this.index.delete(eventId);
    this.changedElsewhere(/** @type {T | null} */ (added), added ? null : removed);
  }

  /** How many rows are nobody's, and become whose who signs in. */
  get ofNobody() {
    const held = [...this.unkept.values()].filter((one) => !one.owner);
    return storage.names(this.prefix("")).length + held.length;
  }

  /**
   * What nobody said becomes somebody's. The new key is written before the old one goes: in between it is
   * there twice, which is once to the sprint.
   * @param {string} owner
   */
  handOver(owner) {
    for (const name of storage.names(this.prefix(""))) {
      const kept = storage.read(name);
      if (kept !== null && storage.write(this.prefix(owner) + name.slice(this.prefix("").length), kept)) storage.remove(name);
    }
    for (const held of this.unkept.values()) held.owner ||= owner;
    this.load();
  }
}

/** @param {string} name */
function readOrRemove(name) {
  const row = parsed(name, storage.read(name));
  // Not written by this page, like what stands under another key than its own.
  if (!row) storage.remove(name);
  return row;
}

/**
 * @param {string} name
 * @param {string | null} text
 * @returns {Row | null}
 */
function parsed(name, text) {
  try {
    const row = JSON.parse(text ?? "null");
    return typeof row?.event_id === "string" && name.endsWith(`/${row.event_id}`) ? row : null;
  } catch {
    return null;
  }
}
