/** One quiet voice for those who listen to the page instead of looking at it. */

// It must stand on the page before it has something to say: only changes are read out.
const voice = document.createElement("div");
voice.className = "hidden-heading";
voice.setAttribute("aria-live", "polite");
document.body.append(voice);

/** @param {string} sentence read out when what is being read is finished */
export function announce(sentence) {
  voice.textContent = sentence;
}
