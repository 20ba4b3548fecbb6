/**
 * Everything a contributor said that the sprint has not confirmed yet.
 *
 * An event is in localStorage before the next prompt is shown, so that it survives a reload, a lost
 * connection, a restarted server and a sign-out; one page of a person sends at a time. Once confirmed it
 * waits no longer, and is kept until the sprint's backup has it too.
 */

import { alone } from "./alone.js";
import { Kept } from "./kept.js";
import { Failure, post } from "./requests.js";
import * as restoring from "./restoring.js";
import { Rows } from "./rows.js";
import * as storage from "./storage.js";
import { today } from "./words.js";

/**
 * @typedef {{event_id: string, prompt_id: string, action: string, score?: number, reason?: string,
 *   undoes?: string, shown_ms?: number, happened_at: number, local_date: string}} Happening
 * @typedef {{waiting: number, connected: boolean, keeps: boolean, sentence: string, until: number}} State
 *   `until`: the moment before which the sprint takes nothing, or 0
 */

const MOST_AT_ONCE = 100;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;
// A clock that was set back must not make us wait for a day.
const LONGEST_WAIT_MS = 3_600_000;
// What a browser still sends for a page that is being closed.
const LARGEST_KEEPALIVE = 60_000;
// The request as a whole was refused: alone, each event gets its own answer.
const REFUSED = [400, 413, 422];
const TOO_FAST = 429;

export class Outbox {
  /**
   * @param {object} hears
   * @param {(answer: any) => void} hears.answered what the sprint said to a request
   * @param {(eventId: string, reason: string) => void} hears.rejected why an event is not taken, and dropped
   * @param {(state: State) => void} hears.changed how much is waiting
   * @param {() => void} hears.signedOut nobody is signed in any more, or somebody else
   * @param {() => boolean} hears.stillOurs whether the cookie belongs to whom we send for
   * @param {() => object} hears.alongside what else each request says
   * @param {() => void} hears.sentAgain something that was confirmed waits again
   */
  constructor(hears) {
    this.hears = hears;
    /** @type {Rows<Happening>} */
    this.rows = new Rows("outbox", () => this.tell());
    this.kept = new Kept((events) => this.sendAgain(events));
    /** @type {Set<string>} */
    this.travelling = new Set();
    this.sending = false;
    this.oneByOne = false;
    this.connected = true;
    this.failures = 0;
    this.timer = 0;
    this.sentence = "";
    // Whichever page of a person sends, all of them hear the answer.
    this.channel = new BroadcastChannel("answers");
    this.channel.addEventListener("message", ({ data }) => data.owner === this.owner && hears.answered(data.answer));
    window.addEventListener("online", () => this.flush());
    window.addEventListener("pagehide", () => this.lastTry());
    restoring.onChange((now) => (now ? this.tell() : this.flush()));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.flush());
  }

  get owner() {
    return this.rows.owner;
  }

  get size() {
    return this.rows.size;
  }

  /**
   * Keep an event until it is confirmed.
   * @param {Happening} happening
   */
  keep(happening) {
    // In a full browser, what was confirmed already makes room.
    while (!this.rows.add(happening) && this.kept.giveWay());
    this.tell();
  }

  /**
   * The sprint is another one than that which confirmed these: it is told them again.
   * @param {import("./kept.js").Confirmed[]} events
   */
  sendAgain(events) {
    for (const { epoch, writer, number, ...happening } of events) {
      const added = this.rows.add(happening);
      this.kept.drop(happening.event_id);
      // What went leaves room enough.
      if (!added) this.rows.add(happening);
    }
    this.hears.sentAgain();
    this.tell();
    this.flush();
  }

  /** @param {string} eventId */
  drop(eventId) {
    this.rows.remove(eventId);
  }

  /** @returns {Happening[]} what is waiting, oldest first */
  waiting() {
    return this.rows.all;
  }

  /** @returns {Happening[]} what is confirmed and not yet in the backup, oldest first; skips may be asked for again */
  confirmed() {
    return this.kept.rows.all.filter(({ action }) => action !== "skipped" && action !== "withdrawn");
  }

  /**
   * From now on somebody else is signed in here; what was said before signing in is theirs.
   * @param {string} key names the person; empty: nobody
   */
  belongTo(key) {
    if (key !== this.owner) {
      this.rows.belongTo(key);
      this.kept.belongTo(key);
      this.failures = 0;
      this.sentence = "";
      this.oneByOne = false;
      if (key) this.rows.handOver(key);
    }
    this.tell();
    this.flush();
  }

  /** Send what is waiting, unless it is on its way already. */
  async flush() {
    if (this.sending || !this.owner || !this.size) return;
    clearTimeout(this.timer);
    this.sending = true;
    const owner = this.owner;
    try {
      await alone(`outbox/${owner}`, async () => {
        while (owner === this.owner && this.size && (await this.sendSome()));
      });
      if (!this.size) this.oneByOne = false;
    } finally {
      this.sending = false;
      this.tell();
    }
    if (this.owner !== owner) this.flush();
  }

  /** @returns {Promise<boolean>} whether to go on with the rest */
  async sendSome() {
    if (!this.hears.stillOurs()) return this.later();
    if (this.until) return this.later();
    const owner = this.owner;
    const events = this.rows.oldest(this.oneByOne ? 1 : MOST_AT_ONCE);
    if (!events.length) return false;
    this.travelling = new Set(events.map((event) => event.event_id));
    try {
      const answer = await this.send(events);
      // Somebody else signed in meanwhile: these stay where they are, and a second time changes nothing.
      if (owner !== this.owner) return false;
      this.take(answer);
      if (answer.retry_after_ms) this.waitFor(answer.retry_after_ms);
      return (!answer.retry_after_ms && settled(answer, events)) || this.later();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return owner === this.owner && this.afterFailure(error, events);
    } finally {
      this.travelling.clear();
    }
  }

  /** @param {Happening[]} events */
  send(events) {
    // With the key, the sprint refuses what would go to whoever signed in on another page a moment ago.
    const body = { events, key: this.owner, sent_at: Date.now(), local_date: today(), ...this.hears.alongside() };
    return post("/api/ratings", body, { keepalive: JSON.stringify(body).length < LARGEST_KEEPALIVE });
  }

  /** @param {any} answer */
  take(answer) {
    this.connected = true;
    this.failures = 0;
    this.sentence = "";
    answer.confirmed.forEach((/** @type {string} */ id) => this.confirm(id, answer));
    for (const { event_id, reason } of answer.rejected) {
      this.drop(event_id);
      this.hears.rejected(event_id, reason);
    }
    this.kept.hearAnswer(answer);
    this.hears.answered(answer);
    this.channel.postMessage({ owner: this.owner, answer });
    this.tell();
  }

  /**
   * @param {string} eventId
   * @param {any} answer
   */
  confirm(eventId, answer) {
    const happening = this.rows.get(eventId);
    // First out, then in: a full browser has room for it once.
    this.drop(eventId);
    if (happening) this.kept.add(happening, answer);
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
        this.hears.rejected(events[0].event_id, failure.message);
      }
      this.oneByOne = events.length > 1;
      return true;
    }
    this.sentence = failure.status ? failure.message : "";
    if (failure.status === TOO_FAST) this.waitFor(failure.retryAfterMs);
    return this.later(failure.retryAfterMs);
  }

  /** The moment before which the sprint takes nothing more of this person, or 0; their other pages know it too. */
  get until() {
    const until = Number(storage.read(this.untilName)) || this.ownUntil || 0;
    const now = Date.now();
    return until > now && until < now + LONGEST_WAIT_MS ? until : 0;
  }

  get untilName() {
    return `outbox-until/${encodeURIComponent(this.owner)}`;
  }

  /** @param {number} ms */
  waitFor(ms) {
    this.ownUntil = Date.now() + Math.min(ms || FIRST_PAUSE_MS, LONGEST_WAIT_MS - 1);
    storage.write(this.untilName, String(this.ownUntil));
  }

  /**
   * Try again when the sprint is ready, or after a pause that grows, and is not the same for everybody.
   * @param {number} [atLeastMs]
   */
  later(atLeastMs = 0) {
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2);
    const longEnough = Math.max(pause, Math.min(atLeastMs, LONGEST_PAUSE_MS) * (1 + Math.random() / 4));
    if (!this.until) this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.until ? this.until - Date.now() + 50 : longEnough);
    this.tell();
    return false;
  }

  /** The page is going away: what is not on its way yet is sent without waiting for the answer. */
  lastTry() {
    if (!this.owner || !this.size || this.until || !this.hears.stillOurs()) return;
    const left = this.rows.oldest(2 * MOST_AT_ONCE).filter((event) => !this.travelling.has(event.event_id));
    if (left.length) this.send(left.slice(0, MOST_AT_ONCE)).catch(() => {});
  }

  tell() {
    const { connected, sentence, until } = this;
    this.hears.changed({ waiting: this.size, connected, keeps: this.rows.keeps, sentence, until });
  }
}

/**
 * Whether an answer says anything of what was sent: else it must not be asked for again and again.
 * @param {any} answer
 * @param {Happening[]} events
 */
function settled(answer, events) {
  const named = new Set([...answer.confirmed, ...answer.rejected.map((/** @type {any} */ one) => one.event_id)]);
  return events.some((event) => named.has(event.event_id));
}
