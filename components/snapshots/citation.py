"""How a snapshot is cited: as BibTeX in its card, and as CITATION.cff beside it."""

import re
from datetime import date

import yaml

CITATION = "CITATION.cff"


def bibtex(title: str, made: date, version: str, public_address: str) -> str:
    """The entry of a bibliography."""
    name = re.sub(r"[{}\\%#$&_^~]", " ", title)
    fields = {
        "title": f"{name}: ratings of prompts",
        "author": f"{{The contributors of {name}}}",
        "year": made.year,
        "note": f"Snapshot of {made:%Y-%m-%d}",
    }
    if version:
        fields["version"] = version
    if public_address:
        fields["url"] = public_address
    lines = [f"  {field} = {{{value}}}" for field, value in fields.items()]
    return f"@misc{{prompt-sprint-{made.year},\n" + ",\n".join(lines) + "\n}"


def cff(title: str, made: date, version: str, public_address: str) -> str:
    """The same in the Citation File Format."""
    told: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "If you use this dataset, please cite it like this.",
        "type": "dataset",
        "title": f"{title}: ratings of prompts",
        "authors": [{"name": f"The contributors of {title}"}],
        "date-released": made,
    }
    if version:
        told["version"] = version
    if public_address:
        told["url"] = public_address
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True)
