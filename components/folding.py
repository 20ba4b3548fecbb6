"""Words as people search for them, whatever keyboard they have."""

import unicodedata


def folded(words: str) -> str:
    """Words without case and accents: "emile" finds "Émile"."""
    if words.isascii():
        return words.casefold()
    letters = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
