/** A chart: title, plot, the same in words. Plotly is fetched when the first one is looked at. */

const CONFIGURATION = { displayModeBar: false, responsive: true, scrollZoom: false, showTips: false };

const touch = matchMedia("(pointer: coarse)");

/** @type {Promise<any> | null} */
let plotly = null;
/** @type {Map<HTMLElement, {address: string, chart: any}>} */
const charts = new Map();

/**
 * @param {HTMLElement} element
 * @param {{plotly: string}} props
 */
export function start(element, props) {
  charts.set(element, { address: props.plotly, chart: null });
}

/**
 * @param {HTMLElement} element
 * @param {any} chart the view
 */
export function render(element, chart) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
  part(".chart-title").textContent = chart.title;
  part(".chart-subtitle").textContent = chart.subtitle;
  part(".chart-empty").textContent = chart.empty ?? "";
  part(".chart-empty").hidden = Boolean(chart.figure);
  part(".chart-plot").hidden = !chart.figure;
  part(".chart-text").hidden = !chart.text || !chart.figure;
  part(".chart-text p").textContent = chart.text ?? "";
  charts.get(element).chart = chart;
  draw(element);
}

/** @param {HTMLElement} element */
async function draw(element) {
  const { address, chart } = charts.get(element);
  if (!chart?.figure) return;
  const plot = /** @type {HTMLElement} */ (element.querySelector(".chart-plot"));
  // Its place is kept while Plotly is fetched.
  plot.style.setProperty("--height", `${chart.figure.layout.height ?? 320}px`);
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `${chart.title}. ${chart.text ?? ""}`);
  try {
    const drawer = await loaded(address);
    // Plotly changes what it is given, and the theme may be another one next time.
    const { data, layout } = structuredClone(chart.figure);
    await drawer.react(plot, data, dressed(layout, element), CONFIGURATION);
  } catch {
    plot.textContent = "The plot could not be drawn; reload the page to try again.";
  }
}

/** @param {string} address of Plotly's own script */
function loaded(address) {
  plotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => resolve(/** @type {any} */ (window).Plotly);
    script.onerror = () => {
      plotly = null;
      script.remove();
      reject(new Error("Plotly could not be loaded"));
    };
    document.head.append(script);
  });
  return plotly;
}

/**
 * A layout in the colours and the number format of the page.
 * @param {any} layout
 * @param {HTMLElement} element
 */
function dressed(layout, element) {
  const style = getComputedStyle(element);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const axis = {
    gridcolor: colour("--grid"),
    linecolor: colour("--line-strong"),
    zerolinecolor: colour("--line-strong"),
  };
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  for (const name of new Set(["xaxis", "yaxis", ...axes])) layout[name] = { ...layout[name], ...axis };
  return {
    ...layout,
    autosize: true,
    // A finger on a chart scrolls the page.
    dragmode: touch.matches ? false : layout.dragmode,
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    separators: separators(),
    font: { ...layout.font, color: colour("--ink"), family: style.fontFamily },
    hoverlabel: {
      ...layout.hoverlabel,
      bgcolor: colour("--surface"),
      bordercolor: colour("--line-strong"),
      font: { color: colour("--ink"), family: style.fontFamily },
    },
  };
}

/** Decimal point and thousands separator of the reader, as Plotly wants them. */
function separators() {
  const parts = new Intl.NumberFormat().formatToParts(12345.6);
  const value = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value ?? "";
  return value("decimal") + value("group");
}

new MutationObserver(() => charts.forEach((_, element) => element.getClientRects().length && draw(element))).observe(
  document.body,
  { attributeFilter: ["class"] },
);
