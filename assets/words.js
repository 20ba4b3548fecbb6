/** Numbers and sentences as the reader's own language writes them. */

const whole = new Intl.NumberFormat();

/** @param {number} n */
export function number(n) {
  return whole.format(n);
}

/**
 * A number with its noun: "1 rating", "1,234 ratings".
 * @param {number} n
 * @param {string} one
 * @param {string} many
 */
export function count(n, one, many) {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/**
 * A share in per cent; only what is done says 100 %. The first tenth is told in tenths of a per cent: a
 * large sprint shall be seen to move, too.
 * @param {number} share from 0 to 1
 */
export function percent(share) {
  const digits = share < 0.1 ? 1 : 0;
  const shown = share < 1 ? Math.min(share, 0.99) : 1;
  // A space that breaks no line, in every language: spelled as the charts spell it.
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: digits }).format(100 * shown)}\u00a0%`;
}

/** @param {number} bytes */
export function megabytes(bytes) {
  if (bytes < 1e6) return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 }).format(Math.ceil(bytes / 1000))} kB`;
  return `${new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(bytes / 1e6)} MB`;
}

/** The reader's own date, such as "2026-03-01". */
export function today() {
  const now = new Date();
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/**
 * The first letters of a name, for the circle beside it.
 * @param {string} name
 */
export function initials(name) {
  const parts = name.split(/[\s._-]+/).filter(Boolean);
  const letters = parts.length > 1 ? [parts[0], parts[parts.length - 1]] : parts;
  return letters.map((part) => [...part][0]).join("").toLocaleUpperCase() || "?";
}

/** A random UUID; browsers have their own only on pages that came over https or from this machine. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const template = "10000000-1000-4000-8000-100000000000";
  return template.replace(/[018]/g, (digit) =>
    (Number(digit) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(digit) / 4)))).toString(16),
  );
}
