"""A list on the page that is searched and paged: the same parts wherever there is one."""

ON_THE_CARD = "it also stands, without a name, on the dataset's card"
STATE = '<p class="listing-state" role="status" tabindex="-1">&nbsp;</p>'
PAGES = """
<nav class="listing-pages" aria-label="Pages" hidden>
  <button type="button" class="listing-back">Back</button>
  <span class="listing-page"></span>
  <button type="button" class="listing-on">Next</button>
</nav>
"""


def search(hint: str, choices: str) -> str:
    """The form above a list; what stands in it is asked for."""
    return f"""
<form class="listing-search" role="search" novalidate>
  <input name="q" type="search" maxlength="200" placeholder="{hint}" aria-label="{hint}">
  {choices}
</form>
"""


def choice(name: str, label: str, options: dict[str, str]) -> str:
    """A choice in that form: values and the words for them."""
    made = "".join(f'<option value="{value}">{words}</option>' for value, words in options.items())
    return f'<select name="{name}" aria-label="{label}">{made}</select>'
