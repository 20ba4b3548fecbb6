"""Prompt Sprint: settings in, application out.

`python app.py` serves the page, `python app.py --help` lists the organizers' commands. For other
servers this module has `app`, the ASGI application, and `demo`, the Gradio page inside it.
"""

import gc
import os
import sys
import threading
from functools import cache, partial

from components.commands.listening import listening_socket
from components.commands.main import main
from components.settings import Settings, read_settings, warnings
from components.terminal import terminal_progress

# So many new objects are looked through at once; a group of two hundred ratings makes about as many.
GARBAGE_THRESHOLD = 20_000
# Hosts kill what takes ten seconds to end.
END_WITHIN_S = 9.5


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

    listening = listening_socket(settings)
    built = application(settings)
    address = settings.public_address or f"http://{settings.server_name}:{settings.gradio_server_port}"
    config = uvicorn.Config(
        built.app,
        http=built.protocol,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        # Who reads for a minute before they rate shall find their connection as they left it.
        timeout_keep_alive=75,
        # Open pages hold a stream; they get three seconds, and the backup most of the ten that hosts allow.
        timeout_graceful_shutdown=3,
    )
    # A Ctrl-C that comes just when garbage is collected would be lost: Python cannot raise anything there.
    gc.disable()
    try:
        built.lifespan.on_ready(partial(print, f"Prompt Sprint is open on {address}", flush=True))
        built.lifespan.open(terminal_progress)
        # All that was imported stays for good: looking through it for garbage again and again would
        # hold up everybody who rates.
        gc.collect()
        gc.freeze()
        gc.set_threshold(GARBAGE_THRESHOLD)
        gc.enable()
        if built.lifespan.restoring():
            print(f"Prompt Sprint looks into its backup first; {address} shows how far it is.", flush=True)
        print(*(f"{warning}\n" for warning in warnings(settings)), sep="", end="", flush=True)
        server = uvicorn.Server(config)
        server.handle_exit = partial(_told_to_stop, server, built.lifespan)
        server.run(sockets=[listening])
    finally:
        built.lifespan.close()


def _told_to_stop(server: "uvicorn.Server", lifespan: "Lifespan", number: int, frame: object) -> None:  # noqa: F821
    """Take nothing more, finish and back up what was taken; told so again, end at once: that does no harm."""
    if server.should_exit:
        os._exit(128 + number)
    lifespan.stopping()
    # Whatever still waits for a disk, a database or a network then, what was confirmed is kept.
    last = threading.Timer(END_WITHIN_S, os._exit, [128 + number])
    last.daemon = True
    last.start()
    type(server).handle_exit(server, number, frame)


def __getattr__(name: str) -> object:
    if name == "app":
        return application(read_settings()).app
    if name == "demo":
        return application(read_settings()).demo
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], serve))
