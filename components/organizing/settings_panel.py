"""The section Settings of the organizers' tab: a form of all that can be changed while the sprint runs."""

import gradio as gr

from components.live.element import element
from components.organizing.sprint import (
    LONGEST_DESCRIPTION,
    LONGEST_GUIDELINES,
    LONGEST_TITLE,
    MOST_RATINGS_PER_CONTRIBUTOR,
    MOST_RATINGS_PER_PROMPT,
    MOST_REPEAT_AFTER,
    MOST_REPEAT_AFTER_DAYS,
    MOST_REPEAT_EVERY,
)
from components.records import KINDS, STATES

STATE_WORDS = {
    "preparing": "preparing: nothing is handed out yet",
    "open": "open: people rate",
    "paused": "paused: nothing is handed out for now",
    "closed": "closed: it is over, what still comes in is kept and marked late",
}

HTML = f"""
<section class="organize" aria-labelledby="settings-title">
  <h2 id="settings-title">Settings</h2>
  <p>Changes take effect at once, for everybody. Each stands in the activity log with who made it.</p>
  <form class="settings" novalidate>
    <label>Title <input name="title" maxlength="{LONGEST_TITLE}" required></label>
    <label>Description <small>what it is about, for visitors</small>
      <textarea name="description" rows="2" maxlength="{LONGEST_DESCRIPTION}"></textarea></label>
    <label>State <select name="state">
      {"".join(f'<option value="{state}">{STATE_WORDS[state]}</option>' for state in STATES)}
    </select> <small class="settings-dates"></small></label>
    <div class="settings-pair">
      <label>Starts <small>by itself, your time</small> <input name="starts_at" type="datetime-local"></label>
      <label>Ends <small>by itself, your time</small> <input name="ends_at" type="datetime-local"></label>
    </div>
    <div class="settings-pair">
      <label>Ratings for each prompt
        <input name="ratings_per_prompt" type="number" min="1" max="{MOST_RATINGS_PER_PROMPT}" required></label>
      <label>Ratings a minute from one person <small>0: any number</small>
        <input name="ratings_per_minute" type="number" min="0" max="100000" required></label>
    </div>
    <label>Enough ratings from one person <small>0: never. From then on the card says
      thank you and that the rest is best rated by others; whoever likes goes on</small>
      <input name="ratings_per_contributor" type="number" min="0" max="{MOST_RATINGS_PER_CONTRIBUTOR}" required></label>
    <fieldset class="repeats">
      <legend>Prompts that come again</legend>
      <p>Now and then people are shown a prompt they have rated, without being told which it is. What they say then
        counts nowhere; it shows how far they agree with themselves.</p>
      <div class="settings-pair of-three">
        <label>One prompt in <small>0: none</small>
          <input name="repeat_every" type="number" min="0" max="{MOST_REPEAT_EVERY}" required></label>
        <label>after so many ratings
          <input name="repeat_after" type="number" min="1" max="{MOST_REPEAT_AFTER}" required></label>
        <label>and so many days
          <input name="repeat_after_days" type="number" min="0" max="{MOST_REPEAT_AFTER_DAYS}" required></label>
      </div>
    </fieldset>
    <fieldset>
      <legend>Switched on</legend>
      <label class="check"><input name="extra_rating" type="checkbox"> one rating more where scores are 3 or
        more apart</label>
      <label class="check"><input name="gold_feedback" type="checkbox"> telling contributors the score of a gold
        prompt once they have given theirs, and how far they are from such scores</label>
      <label class="check"><input name="ranking" type="checkbox"> the leaderboard</label>
      <label class="check"><input name="points" type="checkbox"> points on it</label>
      <label class="check"><input name="teams" type="checkbox"> teams on it</label>
    </fieldset>
    <fieldset class="quotas">
      <legend>Quotas</legend>
      <p>At most so many ratings for prompts of a kind, of a source, or of a kind of a source.</p>
      <ul></ul>
      <button type="button" class="quiet add-quota">Add a quota</button>
    </fieldset>
    <label>Guidelines <small>Markdown; empty: those that come with the sprint</small>
      <textarea name="guidelines" rows="10" maxlength="{LONGEST_GUIDELINES}"></textarea></label>
    <p class="guidelines-more">
      <button type="button" class="quiet preview" aria-expanded="false">Preview</button>
      <button type="button" class="quiet take-default">Begin with those that come with it</button>
    </p>
    <div class="guidelines-preview guidelines-text" hidden tabindex="0" role="region" aria-label="Preview"></div>
    <p class="settings-save"><button class="action">Save</button>
      <button type="button" class="quiet reset">Take back</button>
      <span class="settings-state" role="status"></span></p>
  </form>
  <template class="quota">
    <li>
      <label>at most <input data-of="ratings" type="number" min="0" aria-label="Ratings"></label>
      <label>of <select data-of="kind" aria-label="Kind"><option value="">any kind</option>
        {"".join(f"<option>{kind}</option>" for kind in KINDS)}</select></label>
      <label>from <input data-of="source" placeholder="any source" aria-label="Source"></label>
      <button type="button" class="quiet remove">Remove</button>
    </li>
  </template>
</section>
"""


def panel() -> gr.HTML:
    """The form; what stands in it, the browser asks for."""
    return element("settings.js", HTML)
