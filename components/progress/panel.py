"""How far the sprint has come: in the bar above every tab, and in the section that the bar opens."""

import gradio as gr

from components.live.element import element
from components.progress.forecast import OF_TEN

BAR = """
<div class="progress">
  <h1 class="progress-title">&nbsp;</h1>
  <div class="progress-goal">
    <button type="button" class="progress-open" aria-expanded="false" aria-controls="progress-section">
      <span class="progress-words">&nbsp;</span> <span class="progress-left"></span>
      <span class="progress-more"><span>Progress</span></span>
    </button>
    <div class="progress-line" role="progressbar" aria-label="Prompts that have all their ratings"
         aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><div></div><div></div></div>
    <p class="progress-given">&nbsp;</p>
  </div>
  <p class="progress-description" hidden></p>
</div>
"""

SECTION = f"""
<section id="progress-section" class="outlook" aria-labelledby="outlook-title">
  <h2 id="outlook-title">Progress</h2>
  <p class="outlook-description"></p>
  <p class="outlook-state">&nbsp;</p>
  <dl class="numbers"></dl>
  <div class="outlook-columns">
    <div>
      <h3>When it will be done</h3>
      <p class="outlook-finish"></p>
      <p class="outlook-end"></p>
      <details class="outlook-method" hidden>
        <summary>How this is known</summary>
        <p>The last <span class="outlook-pace-days"></span> full days, each of 24 hours, are carried on: their
           mean, and how much days differ. The band is the one that holds what happens in {OF_TEN} of 10
           cases, if the coming days are like these and each is independent of the others, and if every
           rating goes to a prompt that still wants one. A sprint that tires, or is talked about, breaks that.</p>
      </details>
      <h3>What if</h3>
      <form class="what-if">
        <label>Ratings each <input name="ratings_per_prompt" type="number" min="1" max="100" required></label>
        <label>Prompts <input name="prompts" type="number" min="0" max="100000000" required></label>
        <label>Last day (UTC) <input name="last_day" type="date"></label>
      </form>
      <p class="what-if-answer" role="status"></p>
    </div>
    <div>
      <h3>Milestones</h3>
      <p class="outlook-nothing-reached">The first rating is the first milestone.</p>
      <ul class="milestones"></ul>
      <p class="milestones-how">Dated by when ratings were given, also where they arrived later.</p>
      <details class="more-milestones" hidden><summary>Earlier ones</summary><ul class="milestones"></ul></details>
      <h3>Show it elsewhere</h3>
      <p><a href="/screen" target="_blank">Big screen</a>, for a wall in the room: it needs nobody to sign in.</p>
      <details><summary>Badge and card for other sites</summary>
        <p><img src="/badge.svg" alt="The badge" height="20" loading="lazy"></p>
        <p>In Markdown: <code class="badge-code"></code></p>
        <p>As a card: <code class="embed-code"></code></p>
      </details>
    </div>
  </div>
  <h3 class="groups-title">Coverage by source and kind</h3>
  <div class="groups-scroll" tabindex="0" role="group" aria-label="Coverage by source and kind">
    <table class="groups" hidden>
      <thead><tr><th scope="col">Source</th><th scope="col">Kind</th><th scope="col">Prompts</th>
        <th scope="col" class="groups-goal"></th></tr></thead>
      <tbody></tbody>
    </table>
  </div>
</section>
"""


def panel() -> gr.HTML:
    """The sprint's title, the share of prompts that have the ratings wanted for each, and the time left."""
    return element("progress.js", BAR, view="progress")


def section() -> gr.HTML:
    """Everything else there is to know of the way so far and of the time to come."""
    return element("outlook.js", SECTION, view="outlook")
