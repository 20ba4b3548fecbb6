/**
 * Live views: one question every two seconds for the whole page, "what has changed?".
 *
 * A view is fetched only if its ETag moved and somebody on this page is looking at it.
 */

const EVERY_MS = 2000;
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_WAIT_MS = 10_000;

/** @typedef {{view: string, element: HTMLElement | null, render: (document: any) => void, etag: string}} Subscription */

/** @type {Set<Subscription>} */
const subscriptions = new Set();
/** @type {Map<string, {etag: string, document: Promise<any>}>} */
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
  const subscription = { view, element, render, etag: "" };
  subscriptions.add(subscription);
  if (element) {
    becameVisible.observe(element);
    check();
  }
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
  const { view, element } = subscription;
  if (element && !element.isConnected) return end(subscription);
  const etag = index.views[view];
  if (!etag || etag === subscription.etag || element?.getClientRects().length === 0) return;
  const before = subscription.etag;
  subscription.etag = etag;
  try {
    const shown = await read(view, etag);
    // Meanwhile the view may have moved on, and its newer state be on the page already.
    if (subscription.etag === etag && subscriptions.has(subscription)) draw(subscription, shown);
  } catch (error) {
    if (subscription.etag === etag) subscription.etag = before;
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
 * @param {string} view
 * @param {string} etag
 */
function read(view, etag) {
  const known = documents.get(view);
  if (known?.etag === etag) return known.document;
  const document = fetch(`/api/views/${encodeURIComponent(view)}`, options("")).then((response) => {
    if (!response.ok) throw new Error(`the view ${view} answered ${response.status}`);
    return response.json();
  });
  documents.set(view, { etag, document });
  document.catch(() => documents.delete(view));
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
  if (subscription.element) becameVisible.unobserve(subscription.element);
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
