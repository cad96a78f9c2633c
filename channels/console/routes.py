"""Every address of the nurse console and the right that it takes, in one list. Knows nothing about the answers."""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels.console.case_page import CasePage
from channels.console.config import ConsoleConfig
from channels.console.door import SIGN_IN, Audit, Door
from channels.console.live import Live
from channels.console.pages import AREA, FOLDER, Pages
from channels.console.presence import Presence
from channels.console.queue_page import QueuePage
from channels.console.rights import ACT_ON_CASES, LISTEN, OWN_ACCOUNT, READ_CASES
from channels.console.sign_in import SignIn
from channels.event_stream import Streams
from channels.headers import Area
from dialogue.clinic import Clinic
from dialogue.engine import Engine
from dialogue.ports import Changes, Clock, Sessions, SignIns, StaffDirectory


def console_routes(
    config: ConsoleConfig,
    *,
    engine: Engine,
    clinic: Clinic,
    staff: StaffDirectory,
    sessions: Sessions,
    sign_ins: SignIns,
    changes: Changes,
    clock: Clock,
    presence: Presence,
    streams: Streams,
    audit: Audit,
) -> list[BaseRoute]:
    """`presence` is the one that the console sender rings."""
    door = Door(config, Pages(config.clinic), sessions, clock)
    sign_in = SignIn(door, staff, sign_ins, audit)
    queue = QueuePage(door, engine, clinic, clock)
    case = CasePage(door, engine, clinic, clock, audit, queue.frame)
    live = Live(door, changes, presence, streams)
    one = "/console/cases/{id}"
    return [
        Route(SIGN_IN, door.open(sign_in.show)),
        Route(SIGN_IN, door.open(sign_in.submit), methods=["POST"]),
        Route("/console/sign-out", door.acting(sign_in.leave, OWN_ACCOUNT), methods=["POST"]),
        Route("/console", door.reading(queue.show, READ_CASES)),
        Route("/console/events", door.reading(live.listen, LISTEN, by_person=False)),
        Route("/console/awake", door.acting(live.awake, OWN_ACCOUNT), methods=["POST"]),
        Route("/console/rang", door.acting(live.rang, LISTEN, by_person=False), methods=["POST"]),
        Route(one, door.reading(case.show, READ_CASES)),
        Route(one + "/{action}", door.acting(case.act, ACT_ON_CASES), methods=["POST"]),
        Mount("/console/assets", StaticFiles(directory=FOLDER / "static")),
    ]


def console_areas() -> list[Area]:
    """The security headers of these addresses, for `channels.headers.SecurityHeaders`."""
    return [AREA]
