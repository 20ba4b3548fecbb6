/** The snapshot to download. */

import { failureOf } from "./requests.js";
import { megabytes } from "./words.js";

const SNAPSHOT = "/api/snapshot";

/** @param {HTMLElement} element */
export function start(element) {
  const button = /** @type {HTMLButtonElement} */ (element.querySelector(".download button"));
  const state = /** @type {HTMLElement} */ (element.querySelector(".download-state"));
  let busy = false;
  // The panel is there before this script: a click that nobody hears must not look like one that is heard.
  button.disabled = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    try {
      state.textContent = "preparing …";
      await download((bytes) => (state.textContent = `${megabytes(bytes)} received …`));
      state.textContent = "The snapshot is in your downloads.";
    } catch (failure) {
      state.textContent = failure.message;
    }
    button.removeAttribute("aria-disabled");
    busy = false;
  });
}

/** @param {(bytes: number) => void} received called again and again while it comes in */
async function download(received) {
  const response = await fetch(SNAPSHOT).catch(() => {
    throw new Error("The sprint cannot be reached at the moment; try again.");
  });
  if (!response.ok) throw await failureOf(response);
  const parts = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    received(bytes);
  }
  save(new Blob(parts, { type: "application/zip" }), nameOf(response));
}

/** @param {Response} response */
function nameOf(response) {
  return /filename="?([\w.-]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "snapshot.zip";
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
