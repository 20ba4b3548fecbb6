"""Prompts on their way in, on the page: look at them, bring them in, undo that, and settle duplicates."""

from components.live.element import element
from components.prompt_sources.catalog import READERS
from components.prompt_sources.duplicates import ALIKE
from components.prompt_sources.plan import CONSTANTS, OURS
from components.records import KINDS

ORIGINS = (
    ("file", "A file"),
    ("dataset", "A dataset on the Hub"),
    ("paste", "Text"),
)
LABELS = {
    "prompt": "Prompt",
    "source": "Source",
    "kind": "Kind",
    "id": "The row's own id",
    "context": "Passage it speaks of",
}

HTML = """
<section class="organize imports" aria-labelledby="prompts-title">
  <h2 id="prompts-title">Prompts</h2>
  <form class="import-origin">
    <fieldset><legend>Where the prompts are</legend>
      <div class="import-choice">{origins}</div>
    </fieldset>
    <div class="import-fields" data-origin="file">
      <label><span>File: JSONL, JSON, CSV, TSV, Parquet or Arrow</span>
        <input type="file" name="file" accept="{endings}"></label>
    </div>
    <div class="import-fields" data-origin="dataset" hidden>
      <label><span>Dataset</span><input name="dataset" placeholder="ORG/NAME" autocomplete="off" spellcheck="false"></label>
      <label><span>Configuration</span><input name="configuration" autocomplete="off" spellcheck="false"></label>
      <label><span>Split</span><input name="split" placeholder="train" autocomplete="off" spellcheck="false"></label>
      <label><span>Revision</span><input name="revision" placeholder="main" autocomplete="off" spellcheck="false"></label>
    </div>
    <div class="import-fields" data-origin="paste" hidden>
      <label class="wide"><span>One prompt on each line, or apart by blank lines; JSONL and CSV with a header, too</span>
        <textarea name="paste" rows="6" spellcheck="false"></textarea></label>
    </div>
    <p class="import-line"><button class="action">Look at it</button>
      <span class="import-state" role="status"></span></p>
    <progress class="import-upload" max="1" hidden aria-label="Sent so far"></progress>
  </form>
  <form class="import-plan" hidden>
    <h3 tabindex="-1">What would come in</h3>
    <p class="import-seen"></p>
    <ol class="import-rows"></ol>
    <details class="import-columns"><summary>Columns</summary>
      <div class="import-fields">{columns}
        <label><span>Other columns to keep</span>
          <input name="metadata" placeholder="all of them" autocomplete="off" spellcheck="false"></label></div>
    </details>
    <details><summary>Only some of it</summary>
      <div class="import-fields">
        <label><span>At least so many characters</span><input name="shortest" type="number" min="0"></label>
        <label><span>At most</span><input name="longest" type="number" min="1"></label>
        <label><span>Languages, as codes such as en, de; what is surely in another is left out</span>
          <input name="languages" autocomplete="off" spellcheck="false"></label>
        <label><span>A sample of so many, of each source its share</span>
          <input name="sample" type="number" min="1"></label>
        <label class="wide check"><input type="checkbox" name="each_copy">
          <span>Have exact copies of other prompts rated, too</span></label>
      </div>
    </details>
    <p class="import-line"><button type="submit" class="quiet">Look again</button>
      <button type="button" class="action import-begin">Bring it in</button>
      <span class="import-plan-state" role="status"></span></p>
  </form>
  <div class="import-job" hidden>
    <p class="import-line"><span class="import-doing" role="status"></span>
      <button type="button" class="quiet import-cancel">Cancel</button></p>
    <progress max="1" aria-label="Brought in so far"></progress>
    <ul class="import-report"></ul>
  </div>
  <h3>Brought in so far</h3>
  <ul class="import-list"></ul>
  <p class="import-list-state" role="status"></p>
</section>
"""

DUPLICATES = """
<section class="organize duplicates" aria-labelledby="duplicates-title">
  <h3 id="duplicates-title">Duplicates</h3>
  <p>Exact copies are rated once, wherever they come from, and keep their sources. A comparison lists them, and
     prompts that are nearly the same.</p>
  <form class="import-line">
    <label><span>Alike from</span> <input name="alike" type="number" min="35" max="100" step="1" value="{alike}"
      inputmode="numeric"> %</label>
    <button class="action">Compare all prompts</button>
    <button type="button" class="quiet import-cancel" hidden>Cancel</button>
  </form>
  <p class="duplicates-state" role="status"></p>
  <progress max="1" hidden aria-label="Compared so far"></progress>
  <div class="duplicates-found" hidden>
    <p class="import-line"><label><span>Show</span> <select name="which">
        <option value="undecided">to be decided</option>
        <option value="near">nearly the same</option>
        <option value="exact">exactly the same</option></select></label>
      <a href="/api/duplicates/file" download>All of them as CSV</a></p>
    <ol class="duplicates-pairs"></ol>
    <nav class="ledger-pages" aria-label="Pages of duplicates" hidden>
      <button type="button" class="quiet newer">Before</button>
      <span class="duplicates-page"></span>
      <button type="button" class="quiet older">Next</button>
    </nav>
  </div>
</section>
"""


def _column(name: str) -> str:
    constant = ""
    if name == "kind":
        options = "".join(f'<option value="{kind}">{kind}</option>' for kind in KINDS)
        constant = f'<select name="constant-kind" aria-label="Kind of all of them"><option value="">the column says it</option>{options}</select>'
    elif name in CONSTANTS:
        constant = (
            f'<input name="constant-{name}" aria-label="{LABELS[name]} of all of them" '
            'placeholder="the column says it" autocomplete="off" spellcheck="false">'
        )
    return f'<label><span>{LABELS[name]}</span><select name="column-{name}"></select></label>' + (
        f"<label><span>{LABELS[name]} of all of them</span>{constant}</label>" if constant else ""
    )


def panel() -> None:
    """What organizers see. It is empty until their browser asks; the server checks who asks."""
    origins = "".join(
        f'<label><input type="radio" name="origin" value="{name}"{" checked" if name == "file" else ""}> {label}</label>'
        for name, label in ORIGINS
    )
    endings = ",".join(f".{ending.rpartition('.')[2]}" for reader in READERS for ending in reader.endings)
    columns = "".join(map(_column, OURS))
    element("imports.js", HTML.format(origins=origins, endings=endings, columns=columns))
    element("duplicates.js", DUPLICATES.format(alike=round(100 * ALIKE)))
