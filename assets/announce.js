/** One quiet voice for those who listen to the page instead of looking at it. */

const KEPT_MS = 10_000;

// It must stand on the page before it has something to say: only changes are read out.
const voice = document.createElement("div");
voice.id = "voice";
voice.className = "hidden-heading";
voice.setAttribute("aria-live", "polite");
voice.setAttribute("aria-relevant", "additions");
document.body.append(voice);

/** @param {string} sentence read out once, when what is being read is finished */
export function announce(sentence) {
  if (!sentence) return;
  // A sentence of its own each time: one that took the place of another would cut it off, unheard.
  const said = document.createElement("p");
  said.textContent = sentence;
  voice.append(said);
  setTimeout(() => said.remove(), KEPT_MS);
}
