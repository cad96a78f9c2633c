"""Opens the port that the server listens on, before anything else is started."""

import errno
import socket


class PortInUse(Exception):
    """The address cannot be listened on; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"Port {port} is in use, perhaps by another previsit. Stop that one, or choose another port "
                "with --port or PREVISIT_PORT (0 takes a free one)."
            ) from None
        raise PortInUse(f"{host}:{port} cannot be listened on: {error.strerror}. Check --host and --port.") from None
    listening.listen(socket.SOMAXCONN)
    return listening
