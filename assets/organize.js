/** The organizers' tab: its sections, of which one is open at a time and named in the address. */

const NAME = "section";

/** @param {HTMLElement} element with a button for each section */
export function start(element) {
  const buttons = /** @type {HTMLElement[]} */ ([...element.querySelectorAll("[data-section]")]);
  const names = buttons.map((button) => button.dataset.section);
  const named = () => new URL(location.href).searchParams.get(NAME);
  const open = (/** @type {string} */ name) => {
    for (const button of buttons) button.setAttribute("aria-current", String(button.dataset.section === name));
  };
  const openOfAddress = () => open(names.includes(named()) ? named() : names[0]);

  element.addEventListener("click", ({ target }) => {
    const name = /** @type {HTMLElement} */ (target).closest?.("[data-section]")?.getAttribute("data-section");
    if (!name || name === named()) return;
    const address = new URL(location.href);
    address.searchParams.set(NAME, name);
    history.pushState(null, "", address);
    open(name);
  });
  window.addEventListener("popstate", openOfAddress);
  openOfAddress();
}
