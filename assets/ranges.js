/** Numbers with their intervals, drawn: a line from end to end and a dot for the number, all on one scale. */

import { made } from "./made.js";

/**
 * @typedef {{name: string | Node, words: string, value: number | null, low?: number | null, high?: number | null,
 *   without?: number | null, bar?: boolean, kind?: string, why?: string | null}} Row one line; a `low` of null says that
 *   there is no interval; `without` is a second dot, hollow; `bar` draws from 0 to the number; `why` is why there is nothing
 * @typedef {{from: number, to: number, marks: [number, string][]}} Scale
 */

/**
 * @param {Row[]} rows
 * @param {Scale} scale
 * @returns {HTMLElement}
 */
export function ranges(rows, scale) {
  return made("ol", { class: "ranges" }, ...rows.map((row) => line(row, scale)), rows.some(({ value }) => value !== null) && axis(scale));
}

/**
 * @param {Row} row
 * @param {Scale} scale
 */
export function line(row, scale) {
  const { name, words, value, why } = row;
  const head = made("p", { class: "range-head" }, made("span", { class: "range-name", dir: "auto" }, name), made("span", { class: "range-words" }, words));
  if (value === null) return made("li", { class: "range" }, head, why ? made("p", { class: "range-why" }, why) : null);
  return made("li", { class: `range ${row.kind ? `of-${row.kind}` : ""}` }, head, track(row, scale));
}

/**
 * @param {Row} row
 * @param {Scale} scale
 */
function track({ value, low, high, without, bar }, scale) {
  const at = place(scale);
  const parts = scale.marks.map(([mark]) => put(made("i", { class: mark === 0 ? "range-zero" : "range-mark" }), at(mark)));
  if (bar) parts.push(put(made("i", { class: "range-bar" }), at(0), at(value)));
  else {
    if (low != null && high != null) parts.push(put(made("i", { class: "range-line" }), at(low), at(high)));
    if (without != null) {
      parts.push(put(made("i", { class: "range-line thin" }), at(Math.min(value, without)), at(Math.max(value, without))));
      parts.push(put(made("i", { class: "range-dot hollow" }), at(without)));
    }
    parts.push(put(made("i", { class: low === null ? "range-dot faint" : "range-dot" }), at(value)));
  }
  return made("div", { class: "range-track", "aria-hidden": "true" }, ...parts);
}

/** @param {Scale} scale */
export function axis(scale) {
  const at = place(scale);
  const labels = scale.marks.map(([mark, words]) => {
    const label = put(made("span", {}, words), at(mark));
    label.className = at(mark) < 5 ? "first" : at(mark) > 95 ? "last" : "";
    return label;
  });
  return made("li", { class: "range-axis", "aria-hidden": "true" }, ...labels);
}

/**
 * Where on the scale, in per cent; what lies beyond an end is drawn at the end.
 * @param {Scale} scale
 */
function place({ from, to }) {
  return (/** @type {number} */ value) => Math.min(100, Math.max(0, (100 * (value - from)) / (to - from)));
}

/**
 * @param {HTMLElement} part
 * @param {number} from
 * @param {number} [to]
 */
function put(part, from, to) {
  part.style.insetInlineStart = `${from}%`;
  if (to !== undefined) part.style.inlineSize = `${to - from}%`;
  return part;
}
