/** Requests to the sprint, with what went wrong as a sentence. */

const LONGEST_WAIT_MS = 20_000;
const UNAVAILABLE = 503;
const NO_CONTENT = 204;

/** @type {Set<() => void>} */
const unavailableListeners = new Set();

/** @param {() => void} listener called when the sprint answers that it can do nothing for now */
export function onUnavailable(listener) {
  unavailableListeners.add(listener);
}

/** An answer that is no success. `status` is 0 when there was no answer at all. */
export class Failure extends Error {
  /**
   * @param {number} status
   * @param {string} sentence
   * @param {number} retryAfterMs how long the server asks to wait, or 0
   */
  constructor(status, sentence, retryAfterMs = 0) {
    super(sentence);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * @param {string} address
 * @param {RequestInit} options
 * @returns {Promise<Response>}
 */
async function answered(address, options) {
  try {
    return await fetch(address, { signal: AbortSignal.timeout(LONGEST_WAIT_MS), ...options });
  } catch {
    throw new Failure(0, "The sprint cannot be reached at the moment.");
  }
}

/** @param {Response} response */
export async function failureOf(response) {
  if (response.status === UNAVAILABLE) unavailableListeners.forEach((listener) => listener());
  const detail = await response.json().then((body) => body.detail, () => null);
  const sentence = typeof detail === "string" ? detail : `The sprint answered with error ${response.status}.`;
  return new Failure(response.status, sentence, 1000 * Number(response.headers.get("Retry-After")) || 0);
}

/**
 * Send JSON and read the JSON that comes back.
 * @param {string} address
 * @param {object} body
 * @param {RequestInit} [options]
 * @throws {Failure}
 */
export async function post(address, body, options = {}) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const response = await answered(address, { method: "POST", headers, body: JSON.stringify(body), ...options });
  if (!response.ok) throw await failureOf(response);
  if (response.status === NO_CONTENT) return null;
  return response.json().catch(() => {
    // Something between us and the sprint answered in its place, such as a hotel's sign-in page.
    throw new Failure(0, "The sprint cannot be reached at the moment.");
  });
}

/**
 * Put JSON in the place of what is there.
 * @param {string} address
 * @param {object} body
 * @throws {Failure}
 */
export function put(address, body) {
  return post(address, body, { method: "PUT" });
}

/**
 * Take away what is there.
 * @param {string} address
 * @throws {Failure}
 */
export function remove(address) {
  return post(address, {}, { method: "DELETE" });
}

/**
 * @param {string} address
 * @throws {Failure}
 */
export async function get(address) {
  const response = await answered(address, { headers: { Accept: "application/json" }, cache: "no-store" });
  if (!response.ok) throw await failureOf(response);
  return response.json();
}
