"""Receivers of pages on loopback, each in a thread of its own. Knows nothing of who sends them."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LONGEST = 60.0


@dataclass
class Hook:
    """What came, in its order; `status` and `says` are what it answers from now on."""

    url: str = ""
    status: int = 200
    echo: bool = False
    says: bytes = b""
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: "queue.Queue[tuple[dict[str, str], bytes]]" = field(default_factory=queue.Queue)

    def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        """The next one, its headers (names in lower case) and what it says."""
        headers, body = self.arrived.get(timeout=LONGEST)
        return headers, json.loads(body)


@contextmanager
def webhook(status: int = 200, *, echo: bool = False) -> Iterator[Hook]:
    """Answers everything with `status`; `echo` sends back what came, as a careless server does."""
    hook = Hook(status=status, echo=echo)

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            one = ({name.lower(): value for name, value in self.headers.items()}, body)
            hook.received.append(one)
            hook.arrived.put(one)
            said = body if hook.echo else hook.says
            self.send_response(hook.status)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        server.daemon_threads = True
        hook.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield hook
        finally:
            server.shutdown()
            thread.join()
