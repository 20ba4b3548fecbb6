/** Elements of the page, made in one expression. */

/**
 * @param {string} tag
 * @param {Record<string, any>} attributes a function is called at the event of its name, null and false leave out
 * @param {(Node | string | null | false)[]} children texts are put in as text
 * @returns {HTMLElement}
 */
export function made(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child !== null && child !== false)));
  return element;
}
