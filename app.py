"""Prompt Sprint: settings in, application out.

`python app.py` serves the page, `python app.py --help` lists the organizers' commands. For other
servers this module has `app`, the ASGI application, and `demo`, the Gradio page inside it.
"""

import gc
import sys
from functools import cache

from components import commands
from components.settings import Settings, read_settings, warnings
from components.terminal import terminal_progress

# So many new objects are looked through at once; a group of two hundred ratings makes about as many.
GARBAGE_THRESHOLD = 20_000


# One application for one set of settings, whether it is asked for as `app`, as `demo` or by `serve`.
@cache
def application(settings: Settings):  # noqa: ANN201
    """The sprint for these settings, put together once."""
    # Gradio takes seconds to import, and the commands do without it.
    from components import server

    return server.build(settings)


def serve(settings: Settings) -> None:
    """Serve the page until the process is told to stop."""
    import uvicorn

    listening = commands.listening_socket(settings)
    built = application(settings)
    address = settings.public_address or f"http://{settings.server_name}:{settings.gradio_server_port}"
    config = uvicorn.Config(
        built.app,
        log_level="warning",
        proxy_headers=False,
        # Who reads for a minute before they rate shall find their connection as they left it.
        timeout_keep_alive=75,
        # Open pages hold a stream; those who leave get five seconds, then the log is closed properly.
        timeout_graceful_shutdown=5,
    )
    # A Ctrl-C that comes just when garbage is collected would be lost: Python cannot raise anything there.
    gc.disable()
    try:
        with terminal_progress(settings.prompts) as on_progress:
            built.lifespan.open(on_progress)
        # All that was imported stays for good: looking through it for garbage again and again would
        # hold up everybody who rates.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE_THRESHOLD)
        gc.enable()
        print(f"Prompt Sprint is open on {address}", *warnings(settings), sep="\n", flush=True)
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        built.lifespan.close()


def __getattr__(name: str) -> object:
    if name == "app":
        return application(read_settings()).app
    if name == "demo":
        return application(read_settings()).demo
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if __name__ == "__main__":
    sys.exit(commands.main(sys.argv[1:], serve))
