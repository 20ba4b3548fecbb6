"""The backup on the page: a banner while the sprint is brought back, and for organizers how safe it is."""

import gradio as gr

from components.live.element import element

BANNER = """
<section class="restoring" aria-label="Restore" hidden>
  <p class="restoring-words"></p>
  <progress max="1" aria-label="Brought back so far"></progress>
  <p class="restoring-error"></p>
  <p class="restoring-meanwhile">What is rated meanwhile waits in the browser and is sent afterwards.</p>
</section>
"""

HTML = """
<section class="organize backup" aria-labelledby="backup-title">
  <h2 id="backup-title">Backup</h2>
  <p class="backup-state">&nbsp;</p>
  <div class="backup-error" hidden></div>
  <dl class="numbers" hidden></dl>
  <div class="drill" hidden>
    <p>A drill restores the backup into a scratch store, compares it with this one, and deletes it.</p>
    <p class="drill-line"><button type="button" class="action">Try a restore</button>
       <span class="drill-state" role="status"></span></p>
    <progress hidden max="1" aria-label="Drill"></progress>
    <div class="drill-result" tabindex="0" role="region" aria-label="What the last drill compared" hidden></div>
  </div>
</section>
"""


def banner() -> gr.HTML:
    """What everybody sees above the tabs while the sprint is brought back; else nothing."""
    return element("restoring.js", BANNER)


def panel() -> gr.HTML:
    """What organizers see. It is empty until their browser asks; the server checks who asks."""
    return element("backup.js", HTML, view="durable")
