/** What organizers alone may ask for: asked when they look at it. */

import * as session from "./session.js";

/**
 * Call `load` each time an organizer begins to look at a part of the page.
 * @param {HTMLElement} element
 * @param {() => void} load
 */
export function whenSeen(element, load) {
  let isSeen = false;
  const look = () => {
    const now = element.getClientRects().length > 0 && Boolean(session.current()?.organizer);
    if (now && !isSeen) load();
    isSeen = now;
  };
  new ResizeObserver(look).observe(element);
  session.onChange(look);
}
