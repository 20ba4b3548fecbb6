/** Figures in the page's colours. Plotly itself is fetched when the first one is drawn. */

const touch = matchMedia("(pointer: coarse)");

/** @type {Promise<any> | null} */
let plotly = null;

/** @param {string} address of Plotly's own script */
export function loaded(address) {
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
 * A figure in the colours and the number format of the page. Plotly changes what it is given, so it gets a copy.
 * @param {any} figure
 * @param {HTMLElement} element
 */
export function dressed(figure, element) {
  const { data, layout } = structuredClone(figure);
  const style = getComputedStyle(element);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const axis = {
    gridcolor: colour("--grid"),
    linecolor: colour("--line-strong"),
    zerolinecolor: colour("--line-strong"),
  };
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  for (const name of new Set(["xaxis", "yaxis", ...axes])) layout[name] = { ...layout[name], ...axis };
  for (const trace of data) {
    // Text on it is in the page's ink, and can be read on either end.
    if (trace.type === "heatmap") trace.colorscale = [[0, colour("--heat-low")], [1, colour("--heat-high")]];
    if (trace.textfont) trace.textfont.color = colour("--ink");
  }
  const own = {
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
      font: { ...layout.hoverlabel?.font, color: colour("--ink"), family: style.fontFamily },
    },
  };
  return { data, layout: own };
}

/** Decimal point and thousands separator of the reader, as Plotly wants them. */
function separators() {
  const parts = new Intl.NumberFormat().formatToParts(12345.6);
  const value = (/** @type {string} */ type) => parts.find((part) => part.type === type)?.value ?? "";
  return value("decimal") + value("group");
}
