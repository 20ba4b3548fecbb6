/**
 * Everything a contributor said that the sprint has not confirmed yet.
 *
 * An event is in localStorage before the next prompt is shown, one key for each, so that it survives
 * a reload, a lost connection, a restarted server, and another page of the same person.
 */

import { Failure, post } from "./requests.js";

/**
 * @typedef {{event_id: string, prompt_id: string, action: "rated" | "skipped", score: number | null,
 *   shown_ms: number, happened_at: number, local_date: string}} Happening
 * @typedef {{waiting: number, connected: boolean, keeps: boolean, sentence: string}} State
 */

const MOST_AT_ONCE = 100;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
// What a browser still sends for a page that is being closed.
const LARGEST_KEEPALIVE = 60_000;
// The request as a whole was refused: alone, each event gets its own answer.
const REFUSED = [400, 413, 422];

/** Keys of one person's events; nobody's wait for whoever signs in next on this device. */
const keysOf = (/** @type {string} */ owner) => `outbox/${encodeURIComponent(owner)}/`;

export class Outbox {
  /**
   * @param {object} hears
   * @param {(answer: any) => void} hears.answered what the sprint said to a request
   * @param {(reason: string) => void} hears.rejected why an event is not taken, and dropped
   * @param {(state: State) => void} hears.changed how much is waiting
   * @param {() => void} hears.signedOut nobody is signed in any more
   * @param {() => boolean} hears.stillOurs whether the cookie belongs to whom we send for
   */
  constructor(hears) {
    this.hears = hears;
    this.owner = "";
    /** @type {Map<string, {owner: string, happening: Happening}>} held by this page alone: the browser kept them not */
    this.unkept = new Map();
    /** @type {Set<string>} */
    this.travelling = new Set();
    this.sending = false;
    this.alone = false;
    this.connected = true;
    this.failures = 0;
    this.timer = 0;
    this.sentence = "";
    window.addEventListener("online", () => this.flush());
    window.addEventListener("pagehide", () => this.lastTry());
    window.addEventListener("storage", (event) => event.key?.startsWith("outbox/") && this.tell());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.flush());
  }

  /**
   * Keep an event until it is confirmed.
   * @param {Happening} happening
   */
  keep(happening) {
    try {
      localStorage.setItem(keysOf(this.owner) + happening.event_id, JSON.stringify(happening));
    } catch {
      this.unkept.set(happening.event_id, { owner: this.owner, happening });
    }
    this.tell();
  }

  /** @param {string} eventId */
  drop(eventId) {
    this.unkept.delete(eventId);
    try {
      localStorage.removeItem(keysOf(this.owner) + eventId);
    } catch {
      // Where nothing can be kept, there is nothing to remove.
    }
  }

  /** @returns {Happening[]} what is waiting, oldest first */
  waiting() {
    const kept = this.keptKeys(this.owner).map(readOrRemove);
    const unkept = [...this.unkept.values()].filter((held) => held.owner === this.owner);
    const all = [...kept.filter((happening) => happening !== null), ...unkept.map((held) => held.happening)];
    return all.sort((one, other) => one.happened_at - other.happened_at);
  }

  /** @returns {number} how many are waiting, without reading them */
  get size() {
    return this.keptKeys(this.owner).length + [...this.unkept.values()].filter((held) => held.owner === this.owner).length;
  }

  /**
   * From now on somebody else is signed in here; what was said before signing in is theirs.
   * @param {string} username empty: nobody
   */
  belongTo(username) {
    if (username === this.owner) return this.tell();
    this.owner = username;
    this.failures = 0;
    this.sentence = "";
    if (username) this.takeOver(username);
    this.tell();
    this.flush();
  }

  /** @param {string} username whose nobody's events become */
  takeOver(username) {
    this.keptKeys("").forEach((key) => handOver(key, username));
    for (const held of this.unkept.values()) held.owner ||= username;
  }

  /** Send what is waiting, unless it is on its way already. */
  async flush() {
    if (this.sending || !this.owner) return;
    clearTimeout(this.timer);
    this.sending = true;
    try {
      while (this.owner && this.size && (await this.sendSome()));
      if (!this.size) this.alone = false;
    } finally {
      this.sending = false;
      this.tell();
    }
  }

  /** @returns {Promise<boolean>} whether to go on with the rest */
  async sendSome() {
    if (!this.hears.stillOurs()) return this.later(0);
    const owner = this.owner;
    const events = this.waiting().slice(0, this.alone ? 1 : MOST_AT_ONCE);
    if (!events.length) return false;
    this.travelling = new Set(events.map((event) => event.event_id));
    try {
      const answer = await send(events);
      if (owner === this.owner) this.take(answer);
      return this.settled(answer, events) || this.later(0);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return this.afterFailure(error, events);
    } finally {
      this.travelling.clear();
    }
  }

  /** @param {any} answer */
  take(answer) {
    this.connected = true;
    this.failures = 0;
    this.sentence = "";
    answer.confirmed.forEach((/** @type {string} */ id) => this.drop(id));
    for (const { event_id, reason } of answer.rejected) {
      this.drop(event_id);
      this.hears.rejected(reason);
    }
    this.hears.answered(answer);
    this.tell();
  }

  /** An answer that says nothing of any event we sent must not be asked for again and again. */
  settled(/** @type {any} */ answer, /** @type {Happening[]} */ events) {
    const named = new Set([...answer.confirmed, ...answer.rejected.map((/** @type {any} */ one) => one.event_id)]);
    return events.some((event) => named.has(event.event_id));
  }

  /**
   * @param {Failure} failure
   * @param {Happening[]} events
   */
  afterFailure(failure, events) {
    this.connected = failure.status !== 0;
    if (failure.status === 401) {
      this.hears.signedOut();
      return false;
    }
    if (REFUSED.includes(failure.status)) {
      if (events.length === 1) {
        this.drop(events[0].event_id);
        this.hears.rejected(failure.message);
      }
      this.alone = events.length > 1;
      return true;
    }
    this.sentence = failure.status ? failure.message : "";
    return this.later(failure.retryAfterMs);
  }

  /** Try again after a pause that grows, and is not the same for everybody. */
  later(/** @type {number} */ atLeastMs) {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(atLeastMs, pause * (0.5 + Math.random() / 2)));
    return false;
  }

  /** The page is going away: what is not on its way yet is sent without waiting for the answer. */
  lastTry() {
    const left = this.waiting().filter((event) => !this.travelling.has(event.event_id));
    if (this.owner && left.length && this.hears.stillOurs()) send(left.slice(0, MOST_AT_ONCE)).catch(() => {});
  }

  /** @param {string} owner */
  keptKeys(owner) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(keysOf(owner)));
    } catch {
      return [];
    }
  }

  tell() {
    const { connected, sentence } = this;
    this.hears.changed({ waiting: this.size, connected, keeps: this.unkept.size === 0, sentence });
  }
}

/** @param {Happening[]} events */
function send(events) {
  const body = { events };
  return post("/api/ratings", body, { keepalive: JSON.stringify(body).length < LARGEST_KEEPALIVE });
}

/** @param {string} key */
function readOrRemove(key) {
  const kept = localStorage.getItem(key);
  try {
    const happening = JSON.parse(kept ?? "null");
    if (key.endsWith(`/${happening?.event_id}`)) return /** @type {Happening} */ (happening);
  } catch {
    // Not written by this page, like what stands under another key than its own.
  }
  localStorage.removeItem(key);
  return null;
}

/**
 * The new key is written before the old one goes: in between it is there twice, which is once to the sprint.
 * @param {string} key
 * @param {string} username
 */
function handOver(key, username) {
  const kept = localStorage.getItem(key);
  if (kept === null) return;
  try {
    localStorage.setItem(keysOf(username) + key.slice(key.lastIndexOf("/") + 1), kept);
    localStorage.removeItem(key);
  } catch {
    // No room for the copy: it waits under the old key, and is handed over next time.
  }
}
