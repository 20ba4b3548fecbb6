"""Agreement on the page: for everybody how far the numbers carry, and for organizers how everybody rates."""

import gradio as gr

from components.live.element import element

HTML = """
<section class="agreement" aria-labelledby="agreement-title">
  <h2 id="agreement-title">How far these numbers carry</h2>
  <p class="agreement-state">&nbsp;</p>
  <div class="agreement-parts"></div>
  <ul class="agreement-notes" hidden></ul>
  <p class="agreement-more" hidden>Each number, its formula and when not to use it:
    <a href="/methods" target="_blank" rel="noopener">how the numbers are made</a>.</p>
</section>
"""

REVIEW = """
<section class="organize agreement-review" aria-labelledby="agreement-review-title">
  <h2 id="agreement-review-title">Agreement</h2>
  <p class="review-state" role="status">&nbsp;</p>
  <progress hidden max="1" aria-label="Computed so far"></progress>
  <p class="review-about">How far above or below others each contributor rates the same prompts, with its interval. It is
    shown to them and to organizers only. Whoever is severe is no worse for it: adjusted means take it out.</p>
  <ol class="ranges review-people"></ol>
  <details class="review-untold" hidden><summary></summary><p></p><ol></ol></details>
  <div class="review-rest" hidden>
    <h3 dir="auto"></h3>
    <p></p>
    <div></div>
  </div>
  <div class="review-kappa" hidden>
    <h3 id="review-kappa-title">Who agrees with whom</h3>
    <p>Weighted kappa of those ticked above, up to eight: 1 if both always give the same score, 0 as by chance. Below: prompts
      both rated.</p>
    <div class="chart-table" tabindex="0" role="region" aria-labelledby="review-kappa-title"></div>
  </div>
</section>
"""

OWN = """
<details class="how">
  <summary><h2>How I rate</h2></summary>
  <p>Only you and the organizers see this. It tells how you rate beside others and beside yourself, and not who is right:
    whoever is alone in seeing something well differs from others, too.
    <a href="/methods" target="_blank" rel="noopener">How it is computed</a>.</p>
  <p class="how-again" hidden>Now and then a prompt comes again that you have rated. What you say then counts nowhere but
    here.</p>
  <p class="how-state" role="status">&nbsp;</p>
  <div class="how-parts"></div>
</details>
"""


def panel() -> gr.HTML:
    """What everybody sees, live."""
    return element("agreement.js", HTML, view="agreement")


def own() -> gr.HTML:
    """What contributors see of how they rate. It is empty until their browser asks."""
    return element("how_i_rate.js", OWN)


def review() -> gr.HTML:
    """What organizers see. It is empty until their browser asks; the server checks who asks."""
    return element("agreement_review.js", REVIEW)
