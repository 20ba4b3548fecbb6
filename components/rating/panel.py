"""The card: one prompt, five scores, and what the contributor did so far; the guidelines beside it."""

from components.account import panel as account
from components.live.element import element
from components.records import FLAG_REASONS, LENGTHS, SCORE_WORDS

# What each reason to flag a prompt means.
MEANINGS = {
    "spam": "advertising, or filler",
    "personal_data": "somebody could be found or harmed by it",
    "wrong_language": "not in a language this sprint collects",
    "harmful": "hateful, or asks for harm",
    "duplicate": "seen before, word for word or nearly",
    "broken": "cut off, garbled, or not a prompt at all",
}

LENGTH_WORDS = {"any": "Any", "short": "Short", "long": "Long"}

SCORE = """
<button type="button" class="{css}" data-key="{score}" data-score="{score}" data-words="{words}">
  <b>{score}</b> <span>{words}</span>
</button>
"""

LENGTH = '<label><input type="radio" name="length" value="{value}"> <span>{words}</span></label>'

REASON = """
<li><button type="button" data-reason="{reason}">
  <kbd>{number}</kbd> <span><b>{words}</b> {meaning}</span>
</button></li>
"""

HTML = """
<div class="rating">
<div class="rating-card">
<section class="card" aria-labelledby="card-title">
  <h2 id="card-title" class="hidden-heading">Rate a prompt</h2>
  <div class="prompt" tabindex="0" role="group" aria-label="Prompt">
    <details class="context" hidden>
      <summary></summary>
      <div class="context-text" dir="auto"></div>
    </details>
    <div class="prompt-text" dir="auto"></div>
    <div class="ways-on" hidden></div>
  </div>
  <div class="reading">
    <span class="earlier"></span>
    <span class="length"></span>
    <button type="button" class="as-markdown" aria-pressed="false">Markdown</button>
  </div>
  <div class="offer" hidden>
    <p>New here? Practise on five prompts first: you see our score and why. It does not count.</p>
    <button type="button" class="accept action">Practise</button>
    <button type="button" class="decline quiet">No, thanks</button>
  </div>
  <div class="ask" hidden></div>
  <div class="answers">
    <div class="scores" role="group" aria-label="Your score">{scores}</div>
    <div class="others">
      <button type="button" data-key="s">Skip <kbd>S</kbd></button>
      <button type="button" data-key="d">Not equipped <kbd>D</kbd></button>
      <button type="button" data-key="f">Flag <kbd>F</kbd></button>
      <button type="button" data-key="u" aria-disabled="true">Undo <kbd>U</kbd></button>
    </div>
    <span class="saving"></span>
  </div>
  <div class="trouble" hidden></div>
</section>
<div class="card-lines">
  <p class="last"></p>
  <div class="own" hidden>
    <span class="own-today"></span><button type="button" class="own-goal"></button
    ><form hidden novalidate><input type="number" aria-label="Daily goal" min="1" max="1000" inputmode="numeric"></form>
    <span class="dots" aria-hidden="true"></span>
    <span class="own-rest"></span>
    <p class="own-enough" hidden></p>
  </div>
</div>
<div class="card-foot">
  <div class="choice">
    <fieldset><legend>Show me</legend>{lengths}</fieldset>
    <label class="choice-language" hidden>
      <span class="hidden-heading">Language</span>
      <select><option value="">Any language</option></select>
    </label>
  </div>
  <div class="helps">
    <button type="button" class="show-guidelines" aria-expanded="false">Guidelines <kbd>G</kbd></button>
    <button type="button" class="show-keys">Keys <kbd>?</kbd></button>
  </div>
</div>
</div>
<dialog class="guidelines" aria-label="Guidelines">
  <div class="guidelines-head">
    <button type="button" class="practise quiet">Practise on five prompts</button>
    <button type="button" class="close quiet">Close</button>
  </div>
  <div class="guidelines-text" tabindex="0" role="region" aria-label="How to rate"></div>
</dialog>
</div>
<dialog class="sheet flag" aria-labelledby="flag-title">
  <h2 id="flag-title">What is wrong with it?</h2>
  <ol>{reasons}</ol>
  <form method="dialog"><button class="quiet">Cancel</button></form>
</dialog>
<dialog class="sheet practice" aria-labelledby="practice-title">
  <div class="practice-head">
    <h2 id="practice-title">Practice</h2>
    <span class="practice-place"></span>
    <button type="button" class="close quiet">Leave</button>
  </div>
  <div class="practice-text" tabindex="0" role="group" aria-label="Prompt to practise on" dir="auto"></div>
  <p class="practice-verdict"></p>
  <div class="practice-buttons">
    <div class="scores" role="group" aria-label="Your score, which does not count">{practice_scores}</div>
    <button type="button" class="practice-next action" hidden>Next</button>
  </div>
</dialog>
<dialog class="sheet keys" aria-labelledby="keys-title">
  <h2 id="keys-title" tabindex="-1" autofocus>Keys</h2>
  <dl>
    <div><dt><kbd>1</kbd> to <kbd>5</kbd></dt><dd>give this score</dd></div>
    <div><dt><kbd>S</kbd></dt><dd>skip this prompt</dd></div>
    <div><dt><kbd>D</kbd></dt><dd>I am not equipped to judge it</dd></div>
    <div><dt><kbd>F</kbd></dt><dd>flag it, then <kbd>1</kbd> to <kbd>6</kbd> for the reason</dd></div>
    <div><dt><kbd>U</kbd></dt><dd>undo, as many steps back as you like</dd></div>
    <div><dt><kbd>G</kbd></dt><dd>open or close the guidelines</dd></div>
    <div><dt><kbd>?</kbd></dt><dd>show this list</dd></div>
  </dl>
  <label><input type="checkbox" class="keys-on"> Rate with these keys</label>
  <form method="dialog"><button class="action">Close</button></form>
</dialog>
"""


def panel() -> None:
    """The card and the guidelines; above them what a newcomer is asked once."""
    html = HTML.format(
        scores=_scores("score"),
        practice_scores=_scores("score practice-score"),
        lengths="".join(LENGTH.format(value=length, words=LENGTH_WORDS[length]) for length in LENGTHS),
        reasons="".join(
            REASON.format(number=number, reason=reason, words=words, meaning=MEANINGS[reason])
            for number, (reason, words) in enumerate(FLAG_REASONS.items(), 1)
        ),
    )
    # Above, where it is seen before the first rating puts one on the leaderboard; nobody has to answer it.
    account.question()
    element("card.js", html)


def _scores(css: str) -> str:
    return "".join(SCORE.format(css=css, score=score, words=words) for score, words in SCORE_WORDS.items())
