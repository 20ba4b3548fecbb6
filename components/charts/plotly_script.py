"""Where the page gets plotly.js from: the file inside the plotly package, so that both always fit together."""

import gzip
from collections.abc import Callable
from threading import Lock

import brotli
import plotly
from plotly.offline import get_plotlyjs

PATH = "/assets/plotly.min.js"
# Past this a little smaller costs many times as long.
BROTLI_QUALITY = 9
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: brotli.compress(content, quality=BROTLI_QUALITY),
    "gzip": lambda content: gzip.compress(content, mtime=0),
}


def plotly_address() -> str:
    """The path of plotly.js with its version, which a browser asks for only once."""
    return f"{PATH}?v={plotly.__version__}"


class PlotlyFile:
    """plotly.js, compressed when first asked for and then kept."""

    def __init__(self) -> None:
        self._compressed: dict[str, bytes] = {}
        self._compressing = Lock()

    def content(self, encoding: str) -> bytes:
        """The file in an encoding of `COMPRESSORS`, or as it is."""
        if encoding not in COMPRESSORS:
            return get_plotlyjs().encode()
        # Held while compressing, so that a hundred pages opened at once make it once.
        with self._compressing:
            if encoding not in self._compressed:
                self._compressed[encoding] = COMPRESSORS[encoding](get_plotlyjs().encode())
            return self._compressed[encoding]
