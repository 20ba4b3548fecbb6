"""My ratings on the page: everything one did, to be found again and changed."""

import gradio as gr

from components.live.element import element
from components.records import SCORE_WORDS

ACTIONS = (
    ("", "Everything"),
    ("rated", "Rated"),
    ("skipped", "Skipped"),
    ("discarded", "Not equipped to judge"),
    ("flagged", "Flagged"),
    ("withdrawn", "Withdrawn"),
)

HTML = """
<section class="ledger" aria-labelledby="ledger-title">
  <h2 id="ledger-title">My ratings</h2>
  <form class="ledger-search" role="search">
    <label class="ledger-words"><span>Search in prompts</span>
      <input type="search" name="q" maxlength="200" autocomplete="off" spellcheck="false"></label>
    <label><span>Show</span> <select name="action">{actions}</select></label>
  </form>
  <div class="ledger-lines">
    <p class="ledger-state" tabindex="-1">&nbsp;</p>
    <span class="ledger-saving"></span>
  </div>
  <p class="ledger-sum"></p>
  <ol class="ledger-rows"></ol>
  <nav class="ledger-pages" aria-label="Pages of my ratings" hidden>
    <button type="button" class="quiet newer">Newer</button>
    <span class="ledger-page"></span>
    <button type="button" class="quiet older">Older</button>
  </nav>
  <section class="ledger-download" aria-labelledby="ledger-download-title">
    <h3 id="ledger-download-title">Download</h3>
    <p>Everything you did here, every change included:
      <a href="/api/my/ratings.csv" download>CSV for a spreadsheet</a> or
      <a href="/api/my/ratings.json" download>JSON for a program</a>.</p>
  </section>
  <section class="farewell" aria-labelledby="farewell-title">
    <h3 id="farewell-title">Your account</h3>
    <button type="button" class="quiet farewell-open" aria-expanded="false">Delete my account …</button>
    <div class="farewell-body" tabindex="-1" role="group" aria-label="Delete my account" hidden>
      <p>This removes, and cannot be undone:</p>
      <ul class="farewell-goes"></ul>
      <details class="farewell-falling"><summary></summary><ul></ul></details>
      <p>What stays:</p>
      <ul>
        <li>Snapshots that organizers have taken or published: there your ratings stand under a random
          name, and nobody can take them back.</li>
        <li>An empty mark for each event, with a random number in the place of your name and the moment
          it arrived, so that everybody else's numbers stay right.</li>
        <li>A scrambled form of your account's id, so that ratings from before, still waiting on another
          device, are not taken.</li>
      </ul>
      <form class="farewell-form">
        <label><span>Type <b class="farewell-name"></b> to confirm</span>
          <input name="username" autocomplete="off" autocapitalize="off" spellcheck="false"></label>
        <button class="action danger" aria-disabled="true">Delete my account and all I did</button>
      </form>
      <progress hidden aria-label="Deleting"></progress>
    </div>
    <p class="farewell-state" role="status"></p>
  </section>
</section>
"""


def panel() -> gr.HTML:
    """One's own ledger. It is empty for everybody until the browser asks for its own person's."""
    actions = "".join(f'<option value="{action}">{words}</option>' for action, words in ACTIONS)
    scores = [{"score": score, "words": words} for score, words in SCORE_WORDS.items()]
    return element("ledger.js", HTML.format(actions=actions), scores=scores)
