"""Snapshots on the page: the dataset as it stands, to be downloaded, looked at, pushed, and pushed by itself."""

from html import escape

import gradio as gr

from components.live.element import element
from components.snapshots.choosing import BEST
from components.snapshots.formats import FORMATS, PARQUET

HTML = """
<section class="organize imports snapshots" aria-labelledby="snapshot-title">
  <h2 id="snapshot-title">Snapshots</h2>
  <p>Everything rated so far, as a dataset: tables, figures, and the card that describes them.
     <code>datasets.load_dataset</code> reads it from a folder and from the Hub.</p>
  <form class="snapshot-form">
    <fieldset><legend>What is in it</legend>
      <div class="import-choice">
        <label><input type="checkbox" name="include_unrated"> Prompts nobody has rated, too</label>
        <label><input type="checkbox" name="scores"> Aggregated scores: the median, and three that know who rated,
          with their uncertainty</label>
        {formats}
      </div>
      <div class="import-fields">
        <label class="wide"><span>Best prompts, a table of their own (empty for none)</span>
          <input name="best" value="{best}" autocomplete="off" spellcheck="false"></label>
      </div>
    </fieldset>
    <p class="import-line download"><button type="button" class="action">Download a snapshot</button>
       <span class="download-state" role="status"></span></p>
    <h3>On the Hub</h3>
    <div class="import-fields">
      <label><span>Dataset</span>
        <input name="to" placeholder="ORG/NAME" autocomplete="off" spellcheck="false"></label>
      <label><span>Who sees it</span>
        <select name="private"><option value="">as now (new: private)</option>
          <option value="true">private</option><option value="false">public</option></select></label>
      <label><span>Versions</span>
        <select name="tags"><option value="number">v1, v2, …</option><option value="date">the date</option></select></label>
    </div>
    <p class="import-line">
      <button type="button" class="action" data-do="preview">Preview</button>
      <button type="button" class="action" data-do="push" aria-disabled="true">Push</button>
      <span class="push-state" role="status">A preview comes first: what would change, and the card.</span></p>
    <div class="import-fields">
      <label><span>Push by itself</span>
        <select name="every"><option value="off">never</option><option value="hour">every hour</option>
          <option value="day">every day</option><option value="milestone">at each milestone</option></select></label>
    </div>
    <p class="import-line"><button type="button" class="action" data-do="schedule">Keep this schedule</button>
      <span class="schedule-state" role="status"></span></p>
  </form>
  <div class="import-job snapshot-job" hidden>
    <p class="import-line"><b class="import-doing"></b>
      <button type="button" class="action import-cancel" data-do="cancel">Cancel</button></p>
    <progress max="1" hidden aria-label="How far it is"></progress>
    <pre class="snapshot-words" tabindex="0" hidden></pre>
    <p class="snapshot-link" hidden></p>
    <details class="snapshot-card" hidden><summary>The card</summary><pre tabindex="0"></pre></details>
  </div>
  <h3>Pushed so far</h3>
  <ol class="import-list snapshot-list"><li>Nothing yet.</li></ol>
</section>
"""
FORMAT = '<label><input type="checkbox" name="format" value="{name}"> {title}, {about}</label>'

CREDIT = """
<section class="organize credit imports" aria-labelledby="credit-title" hidden>
  <h3 id="credit-title">Credit</h3>
  <div class="import-choice"><label><input type="checkbox"> Name me in the published dataset, among those who
    contributed. Which ratings are mine is not told.</label></div>
  <p class="credit-state" role="status"></p>
</section>
"""


def panel() -> gr.HTML:
    """What organizers see; the server checks who downloads and pushes."""
    boxes = "".join(
        FORMAT.format(
            name=one.name, title=one.name.upper() if len(one.name) < 6 else one.name.title(), about=one.about
        )
        for one in FORMATS
        if one is not PARQUET
    )
    return element("snapshot.js", HTML.replace("{formats}", boxes).replace("{best}", escape(BEST)))


def credit() -> gr.HTML:
    """What contributors see: whether they are named."""
    return element("credit.js", CREDIT)
