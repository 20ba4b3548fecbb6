"""One prompt to read, also as Markdown, for a card that no longer has it or wants it laid out."""

from fastapi import APIRouter, Response

from components.errors import UnknownPrompt
from components.rating.markdown import to_html
from components.rating.routes import PromptOut
from components.store import prompts
from components.store.store import Store

# A prompt never changes under its id.
KEPT = {"Cache-Control": "private, max-age=3600"}


class ReadingOut(PromptOut):
    """A prompt as a rater may see it before rating, and as HTML that does nothing but stand there."""

    text_html: str
    context_html: str | None


def router(store: Store) -> APIRouter:
    """Open to everybody who knows a prompt's id, as visitors do of the one they are shown."""
    routes = APIRouter(prefix="/api", tags=["rating"])
    unknown = {404: {"description": "There is no such prompt."}}

    # Not async: a long prompt takes a moment, and a thread can do that while others are served.
    @routes.get("/prompts/{prompt_id}", summary="One prompt to read", responses=unknown)
    def prompt(prompt_id: str, response: Response) -> ReadingOut:
        with store.reading() as connection:
            shown = prompts.shown(connection, prompt_id)
        if shown is None:
            raise UnknownPrompt("There is no such prompt in this sprint.")
        response.headers.update(KEPT)
        context = shown["context"]
        return ReadingOut(
            **shown,
            text_html=to_html(shown["text"]),
            context_html=None if context is None else to_html(context),
        )

    return routes
