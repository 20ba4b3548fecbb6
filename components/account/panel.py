"""Who is signed in, in the bar above every tab."""

import gradio as gr

from components.account.hub import SIGN_IN_ERRORS
from components.account.visibility import LONGEST_NICKNAME, LONGEST_TEAM
from components.live.element import element

HTML = f"""
<div class="account" role="group" aria-label="Sign-in" tabindex="-1"></div>
<dialog class="sheet presence" aria-labelledby="presence-title">
  <h2 id="presence-title">How others see you</h2>
  <form method="dialog">
    <fieldset>
      <legend>On the leaderboard and the big screen</legend>
      <label><input type="radio" name="visibility" value="name"> <span>as <b class="presence-name" dir="auto"></b>,
        with your portrait and a link to your page, if there are any</span></label>
      <label><input type="radio" name="visibility" value="nickname"> <span>under a nickname</span></label>
      <input name="nickname" maxlength="{LONGEST_NICKNAME}" aria-label="Nickname" autocomplete="off"
             spellcheck="false">
      <label><input type="radio" name="visibility" value="hidden"> <span>not at all: what you do is counted,
        and you are not listed</span></label>
    </fieldset>
    <label class="presence-team"><span>Team, if you are in one; a new name founds one</span>
      <input name="team" maxlength="{LONGEST_TEAM}" list="presence-teams" autocomplete="off" spellcheck="false">
    </label>
    <datalist id="presence-teams"></datalist>
    <p class="presence-state" role="status"></p>
    <div class="presence-buttons"><button class="action">Save</button>
      <button class="quiet" value="cancel" formnovalidate>Cancel</button></div>
  </form>
</dialog>
"""

QUESTION = """
<div class="presence-question" role="group" aria-label="How others see you" hidden>
  <p class="presence-words"></p>
  <div class="presence-answers">
    <button type="button" value="name"></button>
    <button type="button" value="nickname">Under that nickname</button>
    <button type="button" value="hidden">Not at all</button>
    <button type="button" class="quiet presence-more">Another nickname, a team …</button>
  </div>
  <p class="presence-state" role="status"></p>
</div>
"""


def panel() -> gr.HTML:
    """Sign in, or one's name with today's ratings, how others see one, and sign out."""
    return element("account.js", HTML, errors=SIGN_IN_ERRORS)


def question() -> gr.HTML:
    """How one wants to be seen, for whoever has not said yet; it stands beside what they do, never before it."""
    return element("presence.js", QUESTION)
