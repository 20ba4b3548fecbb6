/** A chart as a picture of its own: with title, what was counted, and a background. */

import { dressed } from "./plot.js";

const WIDTH = 900;
const SHARPNESS = 2;
const MARGIN = 24;
const TITLE = { size: 20, line: 26, letters: 78 };
const SUBTITLE = { size: 14, line: 20, letters: 118 };
const ROW_HEIGHT = 30;
const LONGEST_NAME = 36;

/**
 * @param {any} plotly
 * @param {any} chart the document
 * @param {HTMLElement} element whose colours it has
 * @param {string} name of the file
 * @param {string} format "png" or "svg"
 */
export async function saveFigure(plotly, chart, element, name, format) {
  const { data, layout } = dressed(chart.figure, element);
  layout.dragmode = false;
  await save(plotly, data, layout, chart, element, name, format);
}

/** The same for a table. */
export async function saveTable(
  /** @type {any} */ plotly,
  /** @type {any} */ chart,
  /** @type {HTMLElement} */ element,
  /** @type {string} */ name,
  /** @type {string} */ format,
) {
  const { columns, rows } = chart.table;
  const align = columns.map((/** @type {string} */ _, /** @type {number} */ at) => (at < 2 ? "left" : "right"));
  const fill = { color: "rgba(0,0,0,0)" };
  const { data, layout } = dressed({ data: [], layout: { height: (rows.length + 2) * ROW_HEIGHT } }, element);
  const font = { ...layout.font, size: 13 };
  const line = { color: layout.xaxis.gridcolor, width: 1 };
  const turned = columns.map((/** @type {string} */ _, /** @type {number} */ at) =>
    rows.map((/** @type {string[]} */ row) => plain(shortened(row[at]))),
  );
  const bold = columns.map((/** @type {string} */ column) => `<b>${plain(column)}</b>`);
  data.push({
    type: "table",
    // As wide as its longest cell, so that every row has one line.
    columnwidth: columns.map((/** @type {string} */ column, /** @type {number} */ at) =>
      Math.max(column.length + 2, ...rows.map((/** @type {string[]} */ row) => shortened(row[at]).length + 1)),
    ),
    header: { values: bold, align, fill, font, line, height: ROW_HEIGHT },
    cells: { values: turned, align, fill, font, line, height: ROW_HEIGHT },
  });
  layout.margin = { l: 0, r: 0, t: 0, b: 0 };
  await save(plotly, data, layout, chart, element, name, format);
}

/**
 * @param {any} plotly
 * @param {any[]} data
 * @param {any} layout
 * @param {any} chart
 * @param {HTMLElement} element
 * @param {string} name
 * @param {string} format
 */
async function save(plotly, data, layout, chart, element, name, format) {
  const surface = getComputedStyle(element).getPropertyValue("--surface").trim();
  const title = wrapped(chart.title, TITLE.letters);
  const subtitle = wrapped(chart.subtitle, SUBTITLE.letters);
  const above = MARGIN + title.length * TITLE.line + subtitle.length * SUBTITLE.line + MARGIN / 2;
  const height = layout.height + above + MARGIN;
  const { l = 0, r = 0, t = 0, b = 0 } = layout.margin ?? {};
  Object.assign(layout, {
    autosize: false,
    width: WIDTH,
    height,
    margin: { l: l + MARGIN, r: r + MARGIN, t: t + above, b: b + MARGIN },
    paper_bgcolor: surface,
    title: {
      text: `<b>${title.join("<br>")}</b><br><span style="font-size:${SUBTITLE.size}px">${subtitle.join("<br>")}</span>`,
      font: { ...layout.font, size: TITLE.size },
      x: MARGIN / WIDTH,
      xanchor: "left",
      xref: "container",
      y: 1 - MARGIN / height,
      yanchor: "top",
      yref: "container",
    },
  });
  const figure = { data, layout, config: { staticPlot: true } };
  const scale = format === "png" ? SHARPNESS : 1;
  const link = document.createElement("a");
  link.href = await plotly.toImage(figure, { format, width: WIDTH, height, scale });
  link.download = `${name}.${format}`;
  link.click();
}

/**
 * Words in lines of so many letters, as Plotly shows them.
 * @param {string} words
 * @param {number} letters
 */
function wrapped(words, letters) {
  const lines = [""];
  for (const word of words.split(" ")) {
    const line = lines[lines.length - 1];
    if (line && line.length + word.length >= letters) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines.map(plain);
}

/** @param {string} text */
function shortened(text) {
  const letters = [...text];
  return letters.length > LONGEST_NAME ? `${letters.slice(0, LONGEST_NAME - 1).join("")}…` : text;
}

/** Text that Plotly takes for no markup and no formula. */
function plain(/** @type {string} */ text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("$", "&#36;");
}
