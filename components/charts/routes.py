"""Where the page gets plotly.js from: the file inside the plotly package, so that both always fit together."""

import gzip
from collections.abc import Callable
from threading import Lock

import brotli
import plotly
from fastapi import APIRouter, Request, Response
from plotly.offline import get_plotlyjs

from components.live.routes import best_encoding, has

PATH = "/assets/plotly.min.js"
# Past this a little smaller costs many times as long.
BROTLI_QUALITY = 9
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=BROTLI_QUALITY),
    "gzip": lambda content: gzip.compress(content, mtime=0),
}
IDENTITY = "identity"
FOR_EVER = "public, max-age=31536000, immutable"


def plotly_address() -> str:
    """The path of plotly.js with its version, which a browser asks for only once."""
    return f"{PATH}?v={plotly.__version__}"


def router() -> APIRouter:
    """The route of plotly.js. It goes before the static files of /assets, which do not hold it."""
    routes = APIRouter()
    file = PlotlyFile()

    @routes.api_route(PATH, methods=["GET", "HEAD"], include_in_schema=False)
    def plotly_js(request: Request, v: str = "") -> Response:
        encoding = best_encoding(request.headers.get("accept-encoding", ""), tuple(COMPRESSORS))
        etag = f'"plotly-{plotly.__version__}-{encoding}"'
        headers = {
            "ETag": etag,
            "Vary": "Accept-Encoding",
            "Cache-Control": FOR_EVER if v == plotly.__version__ else "no-cache",
        }
        if has(request, etag):
            return Response(status_code=304, headers=headers)
        if encoding != IDENTITY:
            headers["Content-Encoding"] = encoding
        return Response(file.content(encoding), media_type="text/javascript", headers=headers)

    return routes


class PlotlyFile:
    """plotly.js, compressed when first asked for and then kept."""

    def __init__(self) -> None:
        self._compressed: dict[str, bytes] = {}
        self._compressing = Lock()

    def content(self, encoding: str) -> bytes:
        """The file in an encoding of `COMPRESSORS`, or as it is."""
        if encoding == IDENTITY:
            return get_plotlyjs().encode()
        # Held while compressing, so that a hundred pages opened at once make it once.
        with self._compressing:
            if encoding not in self._compressed:
                self._compressed[encoding] = COMPRESSORS[encoding](get_plotlyjs().encode())
            return self._compressed[encoding]
