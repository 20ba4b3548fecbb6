"""The address the server listens on."""

import socket

from components.errors import BadSetting
from components.settings import Settings


def listening_socket(settings: Settings) -> socket.socket:
    """Take the address the server is to listen on.

    Raises:
        BadSetting: It is taken, or not one of this machine's.
    """
    host, port = settings.server_name, settings.gradio_server_port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise BadSetting(
            f"{host}:{port} cannot be listened on ({error.strerror}); "
            "stop what uses it or set GRADIO_SERVER_PORT to another port."
        ) from None
