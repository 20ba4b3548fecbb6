/** The form of an import: where prompts are, a look at five of them, what their columns mean. */

import { failureOf, Failure, post } from "./requests.js";
import { count, megabytes } from "./words.js";

const OURS = ["prompt", "source", "kind", "id", "context"];
const LONGEST_LOOK_MS = 120_000;

/**
 * @typedef {{prompt: string | null, source: string | null, kind: string | null, context: string | null,
 *   id: string | null, metadata: Record<string, string>, ratings: number, rejected: string | null}} Seen
 * @typedef {{name: string, shape: string, columns: string[], plan: any, rows: Seen[], sentences: string[]}} Preview
 */

export class ImportForm {
  /**
   * @param {HTMLElement} element
   * @param {() => void} begun called when an import has begun
   */
  constructor(element, begun) {
    const part = (/** @type {string} */ name) => /** @type {any} */ (element.querySelector(name));
    this.begun = begun;
    /** @type {HTMLFormElement} */
    this.origin = part(".import-origin");
    /** @type {HTMLFormElement} */
    this.plan = part(".import-plan");
    this.originState = part(".import-state");
    this.planState = part(".import-plan-state");
    this.bar = part(".import-upload");
    /** @type {{file: File, id: string} | null} the file that is on the server already */
    this.sent = null;
    this.busy = false;
    this.origin.addEventListener("change", () => this.showFields());
    this.origin.addEventListener("input", () => (this.plan.hidden = true));
    this.origin.addEventListener("submit", (event) => this.during(event, this.originState, () => this.look({})));
    this.plan.addEventListener("submit", (event) => this.during(event, this.planState, () => this.look(this.planNow())));
    part(".import-begin").addEventListener("click", (/** @type {Event} */ event) => this.during(event, this.planState, () => this.begin()));
    this.showFields();
  }

  showFields() {
    const chosen = this.value("origin");
    for (const fields of this.origin.querySelectorAll("[data-origin]")) {
      /** @type {HTMLElement} */ (fields).hidden = /** @type {HTMLElement} */ (fields).dataset.origin !== chosen;
    }
  }

  /** @param {string} name */
  value(name) {
    return String(new FormData(this.origin).get(name) ?? "").trim();
  }

  /**
   * Do one thing at a time, and say what goes wrong.
   * @param {Event} event
   * @param {HTMLElement} state
   * @param {() => Promise<void>} work
   */
  async during(event, state, work) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    state.textContent = "…";
    try {
      await work();
      state.textContent = "";
    } catch (failure) {
      state.textContent = failure.message;
    }
    this.bar.hidden = true;
    this.busy = false;
  }

  /** @returns {Promise<object>} what the server is told of where prompts are */
  async where() {
    const chosen = this.value("origin");
    if (chosen === "paste") return { paste: this.value("paste") };
    if (chosen === "dataset") {
      const named = ["dataset", "configuration", "split", "revision"].map((name) => [name, this.value(name)]);
      if (!this.value("dataset")) throw new Failure(0, "Name a dataset, such as ORG/NAME.");
      return Object.fromEntries(named);
    }
    const file = /** @type {HTMLInputElement} */ (this.origin.elements.namedItem("file")).files[0];
    if (!file) throw new Failure(0, "Choose a file first.");
    if (this.sent?.file !== file) this.sent = { file, id: await this.send(file) };
    return { upload: this.sent.id };
  }

  /**
   * @param {File} file
   * @returns {Promise<string>} its id
   */
  async send(file) {
    this.bar.hidden = false;
    const answer = await sent(file, (share) => {
      this.bar.value = share;
      this.originState.textContent = share < 1 ? `sending ${file.name}, ${megabytes(file.size)} …` : "looking at it …";
    });
    this.originState.textContent = "";
    return (await answer.json()).upload;
  }

  /** @param {object} plan */
  async look(plan) {
    const body = { origin: await this.where(), plan };
    const options = { signal: AbortSignal.timeout(LONGEST_LOOK_MS) };
    try {
      this.show(await post("/api/imports/preview", body, options));
    } catch (failure) {
      // A server that was restarted has no file any more: the next time it is sent anew.
      this.sent = null;
      throw failure;
    }
  }

  async begin() {
    if (!this.plan.reportValidity()) throw new Failure(0, "Mend the field that is marked.");
    await post("/api/imports", { origin: await this.where(), plan: this.planNow() });
    this.sent = null;
    this.plan.hidden = true;
    this.begun();
  }

  /** @returns {object} the plan as the form says it */
  planNow() {
    const fields = new FormData(this.plan);
    const text = (/** @type {string} */ name) => String(fields.get(name) ?? "").trim();
    const list = (/** @type {string} */ name) => text(name).split(",").map((word) => word.trim()).filter(Boolean);
    const columns = OURS.map((name) => [name, text(`column-${name}`)]).filter(([name, column]) => column && column !== name);
    const constants = ["source", "kind"].map((name) => [name, text(`constant-${name}`)]).filter(([, value]) => value);
    return {
      shape: columns.length ? "" : this.shape,
      columns: Object.fromEntries(columns),
      constants: Object.fromEntries(constants),
      metadata: text("metadata") ? list("metadata") : null,
      shortest: Number(text("shortest")) || 0,
      longest: Number(text("longest")) || null,
      languages: list("languages"),
      sample: Number(text("sample")) || null,
      each_copy: fields.has("each_copy"),
    };
  }

  /** @param {Preview} seen */
  show({ name, shape, columns, plan, rows, sentences }) {
    const isNew = this.plan.hidden;
    this.plan.hidden = false;
    this.shape = shape;
    const good = rows.filter((row) => row.rejected === null).length;
    const isTable = shape === "table";
    this.plan.querySelector(".import-seen").textContent =
      `${name}, ${isTable ? count(columns.length, "column", "columns") : `recognised as ${shape}`}; ` +
      `${sentences.length ? "shown are" : "the first"} ${count(rows.length, "row", "rows")}${good < rows.length ? `, of which ${rows.length - good} cannot come in` : ""}.` +
      sentences.map((sentence) => ` ${sentence}`).join("");
    this.plan.querySelector(".import-rows").replaceChildren(...rows.map(shown));
    for (const ours of OURS) {
      const select = /** @type {HTMLSelectElement} */ (this.plan.elements.namedItem(`column-${ours}`));
      const chosen = plan.columns[ours] ?? (isTable && columns.includes(ours) ? ours : "");
      const all = columns.includes(chosen) || !chosen ? columns : [...columns, chosen];
      select.replaceChildren(new Option(isTable ? "none" : "as it is", ""), ...all.map((column) => new Option(column, column)));
      select.value = chosen;
    }
    for (const ours of ["source", "kind"]) {
      /** @type {HTMLInputElement} */ (this.plan.elements.namedItem(`constant-${ours}`)).value = plan.constants[ours] ?? "";
    }
    /** @type {HTMLDetailsElement} */ (this.plan.querySelector(".import-columns")).open ||= isTable;
    if (isNew) /** @type {HTMLElement} */ (this.plan.querySelector("h3")).focus();
  }
}

/**
 * Send a file, telling how much of it is there.
 * @param {File} file
 * @param {(share: number) => void} progressed
 * @returns {Promise<Response>}
 */
function sent(file, progressed) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `/api/imports/upload?name=${encodeURIComponent(file.name)}`);
    request.upload.onprogress = ({ loaded, total }) => progressed(total ? loaded / total : 0);
    request.onerror = () => reject(new Failure(0, "The sprint cannot be reached at the moment."));
    request.onload = async () => {
      const answer = new Response(request.responseText, { status: request.status });
      if (answer.ok) resolve(answer);
      else reject(await failureOf(answer));
    };
    request.send(file);
  });
}

/** @param {Seen} row */
function shown({ prompt, source, kind, context, id, metadata, ratings, rejected }) {
  const made = document.createElement("li");
  if (rejected !== null) {
    made.className = "rejected";
    made.textContent = rejected;
    return made;
  }
  const text = document.createElement("p");
  text.className = "import-text";
  text.textContent = prompt;
  const about = document.createElement("p");
  about.className = "import-about";
  const parts = [source, kind];
  if (id) parts.push(`id ${id}`);
  if (context) parts.push("with a passage");
  if (ratings) parts.push(count(ratings, "rating", "ratings"));
  const others = Object.keys(metadata);
  about.textContent = parts.join(" · ") + (others.length ? ` · also ${others.join(", ")}` : "");
  made.append(text, about);
  return made;
}
