/**
 * What the sprint has confirmed and could still lose with its disk: kept until its backup has it too, and
 * sent again to a sprint that was brought back without it.
 */

import { subscribe } from "./live.js";
import { Rows } from "./rows.js";

/**
 * @typedef {import("./outbox.js").Happening & {epoch: string, writer: string, number: number}} Confirmed
 *   `epoch` names the store that confirmed it; there it is at most the event `number` of its `writer`
 * @typedef {{writer: string, number: number}} Seq
 * @typedef {{epoch: string, seq: Seq, durable_seq: number | null}} Answer
 *   `durable_seq`: up to which number that writer's events are in the backup; null: there is none
 * @typedef {{epoch: string, durable: "committed" | "backed_up" | "never", writers?: Record<string, number>}} Durable
 */

// Of a sprint without any backup: what a few evenings leave.
const MOST_WITHOUT_BACKUP = 1000;
const GIVE_WAY_AT_ONCE = 100;

export class Kept {
  /** @param {(events: Confirmed[]) => void} sendAgain called with what a sprint that is another one now may not have */
  constructor(sendAgain) {
    this.sendAgain = sendAgain;
    /** @type {(() => void) | null} */
    this.endListening = null;
    /** @type {Rows<Confirmed>} */
    this.rows = new Rows("kept", () => this.listen());
  }

  /** @param {string} key names the person; empty: nobody */
  belongTo(key) {
    this.rows.belongTo(key);
    this.listen();
  }

  /**
   * Keep an event that was just confirmed, unless nothing can happen to it any more.
   * @param {import("./outbox.js").Happening} happening
   * @param {Answer} answer
   */
  add(happening, { epoch, seq, durable_seq }) {
    if (durable_seq !== null && durable_seq >= seq.number) return;
    this.rows.add({ ...happening, epoch, ...seq });
    const tooMany = durable_seq === null ? this.rows.size - MOST_WITHOUT_BACKUP : 0;
    if (tooMany > 0) this.rows.oldest(tooMany).forEach((row) => this.rows.remove(row.event_id));
    this.listen();
  }

  /** @param {string} eventId */
  drop(eventId) {
    this.rows.remove(eventId);
    this.listen();
  }

  /**
   * What a sprint says of itself: which one it is now, and what nothing can happen to any more.
   * @param {string} epoch
   * @param {(seq: Seq) => boolean} isDurable
   */
  hear(epoch, isDurable) {
    const rows = [...this.rows.index.values()];
    const elsewhere = rows.filter((row) => row.epoch !== epoch);
    rows.filter((row) => row.epoch === epoch && isDurable(row)).forEach((row) => this.rows.remove(row.event_id));
    if (elsewhere.length) this.sendAgain(elsewhere);
    this.listen();
  }

  /** @param {Answer} answer to what was just sent */
  hearAnswer({ epoch, seq, durable_seq }) {
    this.hear(epoch, ({ writer, number }) => writer === seq.writer && number <= (durable_seq ?? -1));
  }

  /** Make room for what matters more. @returns {boolean} whether there was anything to let go of */
  giveWay() {
    const rows = this.rows.oldest(GIVE_WAY_AT_ONCE);
    rows.forEach((row) => this.drop(row.event_id));
    return rows.length > 0;
  }

  /** Follow what is backed up, as long as that matters to this page. */
  listen() {
    if (this.rows.size) this.endListening ??= subscribe("durable", null, (durable) => this.read(durable));
    else {
      this.endListening?.();
      this.endListening = null;
    }
  }

  /** @param {Durable} view */
  read({ epoch, durable, writers }) {
    this.hear(epoch, ({ writer, number }) => durable === "committed" || (writers?.[writer] ?? -1) >= number);
  }
}
