/** Light or dark on our plain pages: as the address says (`?theme=dark`), else as the reader's system does. */

const dark = matchMedia("(prefers-color-scheme: dark)");

export function followTheme() {
  const asked = new URL(location.href).searchParams.get("theme");
  const set = () => document.body.classList.toggle("dark", asked ? asked === "dark" : dark.matches);
  dark.addEventListener("change", set);
  set();
}
