"""The Hub's client for the backup: it never waits long, and never tries again by itself."""

import logging
from functools import partial

import httpx2
from huggingface_hub import get_session, set_client_factory
from huggingface_hub.utils import disable_progress_bars, hf_raise_for_status

# Marks the requests of the backup among all others of this process.
AGENT = "prompt-sprint-backup"
CONNECT_S = 10.0
# After these the client would wait and try again by itself, for minutes, as if nobody else wanted to know.
RETRIED_BY_THE_CLIENT = (408, 429, 500, 502, 503, 504)


class Unanswered(httpx2.TransportError):
    """No answer came; unlike the errors below it in the package, the client does not retry after this one."""


class ImpatientClient(httpx2.Client):
    """Hands each failure of a backup's request over at once: when to try again, the backup decides."""

    def __init__(self, patience_s: float) -> None:
        super().__init__(follow_redirects=True, timeout=None)
        self.patience_s = patience_s
        self._limits = httpx2.Timeout(patience_s, connect=min(CONNECT_S, patience_s)).as_dict()

    def send(self, request: httpx2.Request, **options: object) -> httpx2.Response:
        if AGENT not in request.headers.get("User-Agent", ""):
            return super().send(request, **options)
        request.extensions = {**request.extensions, "timeout": self._limits}
        try:
            response = super().send(request, **options)
            if response.status_code in RETRIED_BY_THE_CLIENT:
                response.read()
        except httpx2.TransportError as error:
            raise Unanswered(str(error) or type(error).__name__, request=request) from error
        if response.status_code in RETRIED_BY_THE_CLIENT:
            hf_raise_for_status(response)
        return response


def use_impatient_client(patience_s: float) -> None:
    """Let the Hub's package use our client, in the whole process: it knows no other way."""
    # Not without need: it closes the one before, on which somebody may be waiting for an answer.
    if getattr(get_session(), "patience_s", None) != patience_s:
        set_client_factory(partial(ImpatientClient, patience_s))
    disable_progress_bars()
    # One line for each request, every few seconds, would hide all else in the log.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
