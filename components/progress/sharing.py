"""What other sites are told about a page of the sprint: title, description, picture."""

from html import escape

DESCRIPTION = "Rate prompts together and watch the dataset grow."
PICTURE = "/og.png"
ALT = "The sprint's title, how many prompts have their ratings, and how many people rated"


def head_tags(title: str, address: str, path: str = "/") -> str:
    """Open Graph tags for the head of a page.

    Args:
        address: The one visitors use, without a slash at the end; empty if it is not known, and then
            nothing is said that would need it.
    """
    told = {
        "og:type": "website",
        "og:site_name": "Prompt Sprint",
        "og:title": title,
        "og:description": DESCRIPTION,
    }
    if address:
        told |= {
            "og:url": address + path,
            "og:image": address + PICTURE,
            "og:image:type": "image/png",
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": ALT,
        }
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in told.items()]
    tags.append(f'<meta name="description" content="{escape(DESCRIPTION)}">')
    if address:
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    return "\n".join(tags)
