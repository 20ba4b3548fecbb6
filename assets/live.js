/**
 * Live views: one question every two seconds for the whole page, "what has changed?".
 *
 * A view is fetched only if its ETag moved and somebody on this page is looking at it.
 */

const EVERY_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_WAIT_MS = 10_000;
const MOST_DOCUMENTS = 100;

/**
 * @typedef {{address: string, version: () => string | undefined, element: HTMLElement | null,
 *   render: (document: any) => void, seen: string, shown: any}} Subscription
 *   `version` says what is to be fetched, `seen` what of that was; `shown` is what was drawn last
 */

/** @type {Set<Subscription>} */
const subscriptions = new Set();
/** @type {Map<string, {version: string, etag: string, document: Promise<any>}>} */
const documents = new Map();
/** @type {Set<(connected: boolean) => void>} */
const connectionListeners = new Set();

let index = { etag: "", views: /** @type {Record<string, string>} */ ({}) };
let failures = 0;
let asking = false;
let timer = 0;

// What cannot be read now is tried again at the next turn.
const becameVisible = new ResizeObserver(() => showChanges().catch(() => {}));

/**
 * Call `render` with the view's document, now and whenever it changed while the element can be seen.
 * @param {string} view
 * @param {HTMLElement | null} element null: no part of the page shows it, it is for the page itself, from the
 *   next question on
 * @param {(document: any) => void} render
 * @returns {() => void} ends it
 */
export function subscribe(view, element, render) {
  return add(`/api/views/${encodeURIComponent(view)}`, () => index.views[view], element, render);
}

/**
 * The same for an address that is no view but changes with them: asked again when any view has moved.
 * @param {string} address
 * @param {HTMLElement} element
 * @param {(document: any) => void} render
 * @returns {() => void} ends it
 */
export function follow(address, element, render) {
  return add(address, () => index.etag || undefined, element, render);
}

/**
 * @param {string} address
 * @param {() => string | undefined} version
 * @param {HTMLElement} element
 * @param {(document: any) => void} render
 */
function add(address, version, element, render) {
  const subscription = { address, version, element, render, seen: "", shown: null };
  subscriptions.add(subscription);
  if (!element) return () => end(subscription);
  becameVisible.observe(element);
  // What is known already is shown at once, and asked for again at the next turn.
  if (index.etag) showChange(subscription).catch(() => {});
  else check();
  return () => end(subscription);
}

/** @param {(connected: boolean) => void} listener called when the sprint can no longer, or again, be reached */
export function onConnection(listener) {
  connectionListeners.add(listener);
}

/** Ask now instead of at the next turn. */
export function check() {
  clearTimeout(timer);
  timer = setTimeout(ask, 0);
}

async function ask() {
  clearTimeout(timer);
  if (asking) return;
  if (document.visibilityState !== "visible") return;
  asking = true;
  try {
    await readIndex();
    connected(true);
    await showChanges();
  } catch {
    connected(false);
  }
  asking = false;
  timer = setTimeout(ask, pause());
}

async function readIndex() {
  const response = await fetch("/api/views", options(index.etag));
  if (response.status === 304) return;
  if (!response.ok) throw new Error(`the index answered ${response.status}`);
  index = { etag: response.headers.get("ETag") ?? "", views: (await response.json()).views };
}

async function showChanges() {
  await Promise.all([...subscriptions].map(showChange));
}

/** @param {Subscription} subscription */
async function showChange(subscription) {
  const { address, version, element } = subscription;
  if (element && !element.isConnected) return end(subscription);
  const now = version();
  if (!now || now === subscription.seen || element?.getClientRects().length === 0) return;
  const before = subscription.seen;
  subscription.seen = now;
  try {
    const document = await read(address, now);
    // Meanwhile the document may have moved on, and its newer state be on the page already.
    if (subscription.seen !== now || !subscriptions.has(subscription) || document === subscription.shown) return;
    subscription.shown = document;
    draw(subscription, document);
  } catch (error) {
    if (subscription.seen === now) subscription.seen = before;
    throw error;
  }
}

/** A part that cannot draw itself is a mistake of that part, and none of the connection. */
function draw(/** @type {Subscription} */ subscription, /** @type {any} */ shown) {
  try {
    subscription.render(shown);
  } catch (error) {
    reportError(error);
  }
}

/**
 * @param {string} address
 * @param {string} version
 */
function read(address, version) {
  const known = documents.get(address);
  if (known?.version === version) return known.document;
  const coming = { version, etag: known?.etag ?? "", document: fetched(address, known) };
  documents.delete(address);
  documents.set(address, coming);
  if (documents.size > MOST_DOCUMENTS) documents.delete(documents.keys().next().value);
  coming.document.catch(() => documents.delete(address));
  return coming.document;
}

/**
 * A document, or the one that is here already if it is still the same.
 * @param {string} address
 * @param {{etag: string, document: Promise<any>} | undefined} known
 */
async function fetched(address, known) {
  const before = await known?.document.catch(() => null);
  const response = await fetch(address, options(before ? known.etag : ""));
  if (response.status === 304) return before;
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const document = await response.json();
  const coming = documents.get(address);
  if (coming) coming.etag = response.headers.get("ETag") ?? "";
  return document;
}

/** @param {string} etag */
function options(etag) {
  const headers = etag ? { "If-None-Match": etag } : {};
  return { headers, cache: /** @type {RequestCache} */ ("no-store"), signal: AbortSignal.timeout(LONGEST_WAIT_MS) };
}

/** @param {Subscription} subscription */
function end(subscription) {
  subscriptions.delete(subscription);
  const { element } = subscription;
  if (element && ![...subscriptions].some((other) => other.element === element)) becameVisible.unobserve(element);
}

/** Two seconds; longer and longer while nothing answers, and never all pages at the same moment. */
function pause() {
  const longer = Math.min(EVERY_MS * 2 ** failures, LONGEST_PAUSE_MS);
  return failures ? longer * (0.75 + Math.random() / 2) : EVERY_MS;
}

/** @param {boolean} now */
function connected(now) {
  const before = failures === 0;
  failures = now ? 0 : failures + 1;
  if (before !== now) connectionListeners.forEach((listener) => listener(now));
}

document.addEventListener("visibilitychange", check);
window.addEventListener("online", check);
