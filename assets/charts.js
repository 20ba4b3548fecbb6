/** A chart: title, plot or table, the same in words, and files to take away. Only what can be seen is fetched and drawn. */

import { onFilter, query } from "./chart_filter.js";
import { follow, subscribe } from "./live.js";
import { saveFigure, saveTable } from "./picture.js";
import { dressed, loaded } from "./plot.js";

const CONFIGURATION = { displayModeBar: false, responsive: true, scrollZoom: false, showTips: false };
// So far above and below the window a chart is made ready.
const NEAR = "300px 0px";

/** @type {Map<Element, Chart>} */
const charts = new Map();

const near = new IntersectionObserver(
  (changes) => changes.forEach(({ target, isIntersecting }) => charts.get(target)?.isNear(isIntersecting)),
  { rootMargin: NEAR },
);

/**
 * @param {HTMLElement} element
 * @param {{chart: string, plotly: string}} props
 */
export function start(element, props) {
  charts.set(element, new Chart(element, props));
  near.observe(element);
}

class Chart {
  /**
   * @param {HTMLElement} element
   * @param {{chart: string, plotly: string}} props
   */
  constructor(element, { chart, plotly }) {
    this.element = element;
    this.name = chart;
    this.plotly = plotly;
    this.shown = /** @type {any} */ (null);
    this.end = /** @type {(() => void) | null} */ (null);
    this.part = (/** @type {string} */ name) => /** @type {any} */ (element.querySelector(name));
    this.plot = /** @type {HTMLElement} */ (this.part(".chart-plot"));
    for (const button of element.querySelectorAll("[data-format]")) {
      const { format } = /** @type {HTMLElement} */ (button).dataset;
      button.addEventListener("click", () => this.save(format));
    }
    this.filtered();
  }

  /** @param {boolean} now whether somebody looks at it, or soon will */
  isNear(now) {
    if (now === Boolean(this.end)) return;
    if (now) this.begin();
    else this.rest();
  }

  begin() {
    const render = (/** @type {any} */ chart) => this.render(chart);
    const wanted = query();
    this.end = wanted
      ? follow(`/api/charts/${this.name}?${wanted}`, this.element, render)
      : subscribe(this.name, this.element, render);
  }

  rest() {
    this.end?.();
    this.end = null;
  }

  /** The filter in the address is another one. */
  filtered() {
    const wanted = query();
    this.part(".chart-numbers").href = `/api/charts/${this.name}.csv${wanted && "?"}${wanted}`;
    if (!this.end) return;
    this.rest();
    this.begin();
  }

  /** @param {any} chart its document */
  render(chart) {
    this.shown = chart;
    this.part(".chart-title").textContent = chart.title;
    this.part(".chart-subtitle").textContent = chart.subtitle;
    this.part(".chart-empty").textContent = chart.empty ?? "";
    this.part(".chart-empty").hidden = !chart.empty;
    this.plot.hidden = !chart.figure;
    this.part(".chart-table").hidden = !chart.table;
    this.part(".chart-text").hidden = !chart.text || Boolean(chart.empty);
    this.part(".chart-text p").textContent = chart.text ?? "";
    this.part(".chart-files").hidden = Boolean(chart.empty);
    this.part(".chart-late").textContent = chart.as_of ? `As of ${timeOf(chart.as_of)}; newer numbers cannot be computed at the moment.` : "";
    this.nameFiles(chart.title);
    if (chart.table) fill(this.part(".chart-table"), chart);
    this.draw();
  }

  /** @param {string} title */
  nameFiles(title) {
    this.part(".chart-numbers").setAttribute("aria-label", `CSV: ${title}`);
    for (const button of this.element.querySelectorAll("[data-format]")) {
      button.setAttribute("aria-label", `${button.textContent}: ${title}`);
    }
  }

  async draw() {
    const chart = this.shown;
    if (!chart?.figure) return;
    // Its place is kept while Plotly is fetched.
    this.plot.style.setProperty("--height", `${chart.figure.layout.height ?? 320}px`);
    this.plot.setAttribute("role", "img");
    this.plot.setAttribute("aria-label", `${chart.title}. ${chart.text ?? ""}`);
    try {
      const drawer = await loaded(this.plotly);
      if (chart !== this.shown) return;
      const { data, layout } = dressed(chart.figure, this.element);
      await drawer.react(this.plot, data, layout, CONFIGURATION);
    } catch {
      this.plot.textContent = "The plot could not be drawn; reload the page to try again.";
    }
  }

  /** @param {string} format */
  async save(format) {
    const state = this.part(".chart-state");
    state.textContent = "";
    try {
      const drawer = await loaded(this.plotly);
      const save = this.shown.table ? saveTable : saveFigure;
      await save(drawer, this.shown, this.element, this.name, format);
    } catch {
      state.textContent = "The picture could not be made.";
    }
  }
}

/** @param {number} moment */
function timeOf(moment) {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(moment);
}

/**
 * @param {HTMLElement} region
 * @param {any} chart
 */
function fill(region, { title, table }) {
  const shown = document.createElement("table");
  const head = shown.createTHead().insertRow();
  for (const name of table.columns) {
    head.append(Object.assign(document.createElement("th"), { textContent: name, scope: "col" }));
  }
  const body = shown.createTBody();
  for (const [name, ...cells] of table.rows) {
    const row = body.insertRow();
    row.append(Object.assign(document.createElement("th"), { textContent: name, scope: "row", dir: "auto" }));
    for (const cell of cells) row.insertCell().textContent = cell;
  }
  const { scrollTop, scrollLeft } = region;
  region.setAttribute("aria-label", title);
  region.replaceChildren(shown);
  region.scrollTo(scrollLeft, scrollTop);
}

onFilter(() => charts.forEach((chart) => chart.filtered()));

// Light or dark: the page says it by a class.
new MutationObserver(() => charts.forEach((chart) => chart.end && chart.draw())).observe(document.body, {
  attributeFilter: ["class"],
});
