"""Runs the server, with the worker in the same process if wanted: opens the parts, prints the addresses, stops
cleanly. Also runs a worker by itself."""

import asyncio
import gc
import secrets
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from socket import socket
from types import FrameType

import uvicorn

from app.assistance import Assistance, Say, encoder_of, guidelines_of
from app.enum_members import look_up_directly
from app.health import health_endpoint
from app.huge_pages import use_huge_pages
from app.library import IndexLibrary
from app.listening import listen
from app.one_write import OneWrite
from app.paging import may_have_two_ways
from app.server import create_app
from app.services import Services, open_patient_texts, open_services, open_worker
from app.settings import Settings
from app.warm_up import warm_up
from app.worker import LEAVING_SECONDS, Worker
from channels.event_stream import Streams
from dialogue.staff_ports import StaffDirectory
from policies.roles import Role

IDLE_SECONDS = 75
"""How long a connection stays open between requests: longer than proxies keep theirs (60 s), or one of them would send
a request into a connection that is just being closed."""
STOP_SECONDS = 5
SELDOM = 20_000, 500, 10
"""Thresholds of Python's garbage collector: new objects before the youngest generation is collected, and how many
collections of one generation before the next older one."""


TRIAL = [
    "  A trial on this machine: patients are told to call their local emergency number. Before patients use it,",
    "  say which one that is: --emergency-number 911 (or 112, 999, ...).",
    "",
]
CONSOLE_ALONE = [
    "  Pages ring open consoles alone. Before patients use it, add a second way: docs/operations.md, Who is paged.",
    "",
]


class _Server(uvicorn.Server):
    """Stops in order at a signal. uvicorn itself would wait for open event streams, and then end the process by the
    same signal."""

    def __init__(self, config: uvicorn.Config, streams: Streams, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._streams = streams
        self._started = started

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Says that the server has started, once it handles signals and takes requests."""
        await super().startup(sockets)
        self._started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._streams.close()
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


async def serve(settings: Settings, say: Say) -> None:
    """Runs until a signal. Raises PortInUse, and the errors of the store and of the content."""
    look_up_directly()
    listening = listen(settings.host, settings.port)
    settings = settings.model_copy(update={"port": listening.getsockname()[1]})
    streams = Streams()
    async with AsyncExitStack() as stack:
        stack.callback(listening.close)
        services = await stack.enter_async_context(open_services(settings))
        worker, assistance = await _begin_work(services, stack, say)
        patient_texts = await stack.enter_async_context(open_patient_texts(services))
        library = await _library(services, assistance, stack, say)
        app = create_app(services, streams, health_endpoint(services, worker, assistance), patient_texts, library)
        config = uvicorn.Config(
            app,
            http=OneWrite,
            loop="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,  # our own log writes no queries and no texts of exceptions
            access_log=False,
            proxy_headers=False,  # `create_app` handles them
            server_header=False,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=STOP_SECONDS,
        )
        lines = await greeting(services)
        await warm_up(services.engine)
        spare_what_stays()
        await _Server(config, streams, lambda: say("\n".join(lines))).serve(sockets=[listening])


def spare_what_stays() -> None:
    """Keeps the garbage collector from looking at objects that stay.

    Content and libraries are never freed, and looking through all of them would stop every chat for 0.1 s; so they are
    frozen. Older generations are collected seldom, since looking through all open chats took a twentieth of each turn.
    Nearly everything is freed by its reference count anyway, and cycles are mostly found while they are young.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()
    use_huge_pages()


async def work(settings: Settings, say: Say) -> None:
    """Runs a worker apart from the server, until a signal. It reads no patient's messages, and so needs no encoder."""
    settings = settings.model_copy(update={"paraphrases": False})
    async with open_services(settings) as services, open_worker(services, say) as (worker, _), running(worker):
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for sign in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sign, stop.set)
        await warm_up(services.engine)
        spare_what_stays()
        say(f"Worker {worker.name} is at work. Stop with Ctrl-C.")
        await stop.wait()


async def _begin_work(services: Services, stack: AsyncExitStack, say: Say) -> tuple[Worker | None, Assistance | None]:
    if not services.settings.worker:
        return None, None
    worker, assistance = await stack.enter_async_context(open_worker(services, say))
    await stack.enter_async_context(running(worker))
    return worker, assistance


async def _library(
    services: Services, assistance: Assistance | None, stack: AsyncExitStack, say: Say
) -> IndexLibrary | None:
    """The console's library. None where workers run apart and the guidelines are in their process, not on a Qdrant
    server."""
    settings, protocols = services.settings, services.clinic.ruleset.protocols
    if assistance:
        return IndexLibrary(assistance.guidelines, protocols)
    if not settings.qdrant_url:
        return None
    index = guidelines_of(settings, await asyncio.to_thread(encoder_of, settings, say))
    stack.push_async_callback(index.close)
    return IndexLibrary(index, protocols)


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    """Runs the worker for as long as the block runs. Cancels it repeatedly, since one cancellation may get lost in what
    the worker waits for."""
    task = asyncio.create_task(worker.run())
    try:
        yield
    finally:
        while not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=2 * LEAVING_SECONDS)


async def greeting(services: Services) -> list[str]:
    """What is printed at the start: the addresses, and on the very first start a sign-in for a nurse and an
    administrator."""
    where = services.settings.address
    return [
        "",
        f"  previsit is running for {services.settings.clinic_name}",
        "",
        f"    Clinic page with the chat   {where}/demo",
        f"    Nurse console               {where}/console",
        *await _first_sign_in(services.storage.store.staff),
        f"    Health                      {where}/health",
        "",
        *([] if services.settings.knows_emergency_number else TRIAL),
        *([] if may_have_two_ways(services.settings) else CONSOLE_ALONE),
        "  Stop with Ctrl-C.",
    ]


async def _first_sign_in(staff: StaffDirectory) -> list[str]:
    if not await staff.is_empty():
        return []
    lines = []
    for role in (Role.NURSE, Role.ADMIN):
        password = secrets.token_urlsafe(12)
        await staff.add(role, role, password)
        lines.append(f"      sign in as {role:<14} {password}   (shown only now)")
    return lines
