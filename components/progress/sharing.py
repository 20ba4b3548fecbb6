"""What other sites are told about a page of the sprint: title, description, picture."""

import re
from collections.abc import Callable
from html import escape

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DESCRIPTION = "Rate prompts together and watch the dataset grow."
PICTURE = "/og.png"
ALT = "The sprint's title, how many prompts have their ratings, and how many people rated"
# What Gradio's own page says of itself, and where its settings begin, in which nothing is to be changed.
FOREIGN_TAG = re.compile(
    rb"""<meta\s+(?:property|name)="(?:og|twitter):[^>]*>\s*|<title>.*?</title>\s*""", re.DOTALL
)
SETTINGS = b"window.gradio_config"
HEAD = b"<head>"


def head_tags(title: str, address: str, path: str = "/", description: str = "") -> str:
    """The title of a page and its Open Graph tags.

    Args:
        address: The one visitors use, without a slash at the end; empty if it is not known, and then
            nothing is said that would need it.
        description: What organizers say of the sprint, if anything.
    """
    description = description or DESCRIPTION
    told = {
        "og:type": "website",
        "og:site_name": "Prompt Sprint",
        "og:title": title,
        "og:description": description,
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
    tags = [f"<title>{escape(title)}</title>"]
    tags += [f'<meta property="{name}" content="{escape(value)}">' for name, value in told.items()]
    tags.append(f'<meta name="description" content="{escape(description)}">')
    if address:
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    return "\n".join(tags)


def retold(page: bytes, tags: str) -> bytes:
    """A page of Gradio's with these tags in the place of those it has for itself."""
    end = page.find(SETTINGS)
    start, rest = (page[:end], page[end:]) if end >= 0 else (page, b"")
    return FOREIGN_TAG.sub(b"", start).replace(HEAD, HEAD + tags.encode(), 1) + rest


class Preview:
    """ASGI middleware: whoever is sent a link to the page sees the sprint's title and picture, not Gradio's.

    Gradio has its own tags in the page, and puts what it is given for the head there only in the browser,
    where those who make previews of links do not look.
    """

    def __init__(self, app: ASGIApp, tags: Callable[[], str]) -> None:
        self._app = app
        self._tags = tags

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []
        parts: list[bytes] = []

        async def retelling(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                return
            parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            content = retold(b"".join(parts), self._tags())
            MutableHeaders(scope=begun[0])["content-length"] = str(len(content))
            await send(begun[0])
            await send({"type": "http.response.body", "body": content})

        await self._app(scope, receive, retelling)
