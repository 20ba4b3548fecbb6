"""The leaderboard on the page."""

from components.account import panel as account
from components.leaderboard.periods import LONGEST_WORDS, PERIODS, USUAL
from components.live.element import element
from components.points import FORMULA

PERIOD = '<button type="button" value="{name}" aria-pressed="{pressed}">{title}</button>'

HTML = """
<section class="leaderboard" aria-labelledby="leaderboard-title">
  <div class="board-head">
    <h2 id="leaderboard-title">Leaderboard</h2>
    <div class="board-periods" role="group" aria-label="Period">{periods}</div>
  </div>
  <p class="totals">&nbsp;</p>
  <section class="board-own" aria-labelledby="board-own-title" hidden>
    <h3 id="board-own-title">Your place</h3>
    <p class="board-own-words">&nbsp;</p>
    <ol class="standings"></ol>
    <p class="board-milestones"></p>
    <p class="board-share" hidden><a download="my-sprint.png">Your card to share</a>, a picture of what you did.</p>
  </section>
  <form class="board-search" role="search" hidden>
    <label><span>Find a contributor or a team</span>
      <input type="search" name="q" maxlength="{longest}" autocomplete="off" spellcheck="false"></label>
  </form>
  <p class="board-state" role="status"></p>
  <ol class="standings board-rows"></ol>
  <nav class="board-pages" aria-label="Pages of the leaderboard" hidden>
    <button type="button" class="quiet board-before">Before</button>
    <span class="board-page"></span>
    <button type="button" class="quiet board-after">After</button>
  </nav>
  <section class="board-teams" aria-labelledby="board-teams-title" hidden>
    <h3 id="board-teams-title">Teams</h3>
    <ol class="standings"></ol>
  </section>
  <details class="board-formula">
    <summary>How points are counted</summary>
    <ul>{formula}</ul>
    <p>A rating completes a prompt if the prompt then has as many as the sprint wants. A source is thin while
      its prompts have less than half the share of their ratings that all prompts have, as soon as these have a
      twentieth. Both are noted when you
      rate a prompt for the first time; changing your score changes nothing of it. The share of each of your
      ratings stands under My ratings. <span class="board-thin"></span></p>
    <p>Days are in UTC, so that they are the same for everybody; ▲ and ▼ tell the ranks since yesterday.
      Whoever is hidden is counted in the totals and in their team, and takes no rank.</p>
  </details>
</section>
"""


def panel() -> None:
    """Contributors and teams of four periods, moving by itself; one's own place, and the public formula."""
    periods = (
        PERIOD.format(name=one.name, title=one.title, pressed=str(one.name == USUAL).lower())
        for one in PERIODS
    )
    formula = (
        f"<li><b>{worth}</b> {'point' if worth == 1 else 'points'} {words}</li>" for worth, words in FORMULA
    )
    account.question()
    element(
        "leaderboard.js",
        HTML.format(periods="".join(periods), formula="".join(formula), longest=LONGEST_WORDS),
        usual=USUAL,
    )
