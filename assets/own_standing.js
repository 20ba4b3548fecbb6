/** One's own place on the leaderboard, between those next to one, with one's milestones and the card to share. */

import { get } from "./requests.js";
import * as session from "./session.js";
import { showRows } from "./standings.js";
import { count, number } from "./words.js";

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" });

export class OwnStanding {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.words = part(".board-own-words");
    this.list = part(".standings");
    this.milestones = part(".board-milestones");
    this.share = part(".board-share");
    this.period = "";
    this.most = 0;
    this.asking = false;
    this.again = false;
    this.who = "";
    session.onChange((now) => {
      const who = now.signed_in ? `${now.key} ${now.presence?.key}` : "";
      if (who === this.who) return;
      this.who = who;
      this.element.hidden = !who;
      // Nothing of who left stays in the page.
      if (!who) showRows(this.list, [], 0);
      if (who && this.period) this.load();
    });
  }

  /**
   * @param {string} period
   * @param {number} most what the longest bar of the board stands for
   */
  show(period, most) {
    this.period = period;
    this.most = most;
    if (this.who) this.load();
  }

  async load() {
    this.again = true;
    if (this.asking) return;
    this.asking = true;
    while (this.again && this.who) {
      this.again = false;
      await this.read();
    }
    this.asking = false;
  }

  async read() {
    const { who, period } = this;
    try {
      const own = await get(`/api/my/standing?period=${period}`);
      if (who === this.who && period === this.period) this.draw(own);
    } catch (failure) {
      // The page says elsewhere that it is not connected; this asks again when the board has moved.
      if (failure.status === 401) session.refresh();
    }
  }

  /** @param {any} own */
  draw(own) {
    this.words.textContent = wordsOf(own);
    showRows(this.list, own.rows, this.most);
    const reached = own.milestones.at(-1);
    const last = reached ? `Milestone: ${count(reached.number, "rating", "ratings")}, on ${day.format(Date.parse(reached.day))}.` : "";
    const next = own.next_milestone ? `Next milestone: ${count(own.next_milestone, "rating", "ratings")}.` : "";
    this.milestones.textContent = `${last} ${next}`.trim();
    this.milestones.title = own.milestones
      .map((/** @type {any} */ one) => `${number(one.number)}: ${day.format(Date.parse(one.day))}`)
      .join("\n");
    const key = session.current()?.presence?.key;
    this.share.hidden = !own.rows.length || !key;
    if (key) /** @type {HTMLAnchorElement} */ (this.share.querySelector("a")).href = `/api/leaderboard/${key}/card.png`;
  }
}

/** @param {any} own */
function wordsOf({ rank, of, hidden, own }) {
  if (!own.ratings) return "Nothing of yours in this period yet: the next rating puts you here.";
  const parts = [count(own.ratings, "rating", "ratings"), `${number(own.completed)} completed`];
  if (own.points !== null) parts.unshift(count(own.points, "point", "points"));
  if (rank === null) return `${parts.join(", ")}.`;
  if (hidden) return `${parts.join(", ")}. You are hidden from others; you would be number ${number(rank)}.`;
  return `Number ${number(rank)} of ${number(of)}: ${parts.join(", ")}.`;
}
