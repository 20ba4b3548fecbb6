/** What this browser keeps for us, if it keeps anything: a browser may forbid it, or have no room. */

/**
 * @param {string} name
 * @returns {string | null}
 */
export function read(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @returns {boolean} whether it is kept
 */
export function write(name, text) {
  try {
    localStorage.setItem(name, text);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} name */
export function remove(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Where nothing can be kept, there is nothing to remove.
  }
}

/**
 * @param {string} prefix
 * @returns {string[]} the names that begin so
 */
export function names(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}
