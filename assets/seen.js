/** What only some may ask for: asked when they look at it. */

import * as session from "./session.js";

/**
 * Call `load` each time an organizer, or who else may, begins to look at a part of the page.
 * @param {HTMLElement} element
 * @param {() => void} load
 * @param {(now: session.Session | null) => boolean} may
 */
export function whenSeen(element, load, may = (now) => Boolean(now?.organizer)) {
  let isSeen = false;
  const look = () => {
    const now = element.getClientRects().length > 0 && may(session.current());
    if (now && !isSeen) load();
    isSeen = now;
  };
  new ResizeObserver(look).observe(element);
  session.onChange(look);
}
