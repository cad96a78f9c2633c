"""Every address of the nurse console and the right that it needs, in one list. Knows nothing about the answers."""

import httpx
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from channels.audit import Audit
from channels.console.access import ENROL, SIGN_IN, AccessControl
from channels.console.account import Account
from channels.console.audit_page import AuditPage
from channels.console.case_page import CasePage
from channels.console.config import ConsoleConfig
from channels.console.emergency import Emergency
from channels.console.guidelines_page import GuidelinesPage
from channels.console.identity import Identity, Provider
from channels.console.invite_page import InvitePage, Line
from channels.console.library import Library
from channels.console.limits import ConsoleLimits
from channels.console.list_audit import ListAudit
from channels.console.live import Live
from channels.console.measures_page import MeasuresPage
from channels.console.on_call_page import OnCallPage, Reach
from channels.console.pages import AREA, FOLDER, Pages
from channels.console.presence import Presence
from channels.console.protocol_page import ProtocolPage
from channels.console.queue_page import QueuePage
from channels.console.replies import Replies
from channels.console.replies_page import RepliesPage
from channels.console.rights import (
    ACT_ON_CASES,
    BREAK_GLASS,
    DECIDE_GUIDELINES,
    EDIT_REPLIES,
    LISTEN,
    MANAGE_STAFF,
    OWN_ACCOUNT,
    PUT_GUIDELINES_IN,
    READ_CASES,
    READ_TRAIL,
    SEE_FIGURES,
    SEE_ON_CALL,
)
from channels.console.sign_in import BACK, SignIn
from channels.console.signed import Signed
from channels.console.staff_page import StaffPage
from channels.console.store import ConsoleStore
from channels.event_stream import Streams
from channels.headers import Area
from dialogue.engine import Engine
from dialogue.staff_ports import Trail


def console_routes(
    config: ConsoleConfig,
    *,
    engine: Engine,
    store: ConsoleStore,
    presence: Presence,
    streams: Streams,
    audit: Audit,
    trail: Trail,
    library: Library | None = None,
    line: Line | None = None,
    reach: Reach | None = None,
    identity: Provider | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> list[BaseRoute]:
    """`presence` must be the one that the pager's console sender rings. `transport` replaces the network between us and
    the identity provider, for tests."""
    clinic, clock = engine.clinic, engine.clock
    access = AccessControl(config, Pages(config.clinic, identity=identity is not None), store.sessions, clock)
    signed = Signed(config.secret, clock)
    known = Identity(identity, signed, clock, transport) if identity else None
    sign_in = SignIn(access, store.staff, store.sign_ins, audit, signed, known)
    queue = QueuePage(access, engine, store.attendance, store.rotas, store.trials, ListAudit(audit), library)
    limits = ConsoleLimits(clock.now)
    values = {"clinic": clinic.name, "emergency_number": clinic.emergency_number}
    replies = Replies(values, config.own_replies)
    case = CasePage(access, engine, audit, queue.frame, limits, replies, store.replies)
    canned = RepliesPage(access, clinic, replies, store.replies, audit, queue.frame)
    account = Account(access, store.staff, sign_in, signed, audit, queue.frame)
    people = StaffPage(access, store.staff, audit, queue.frame)
    protocols = ProtocolPage(access, clinic, queue.frame)
    guidelines = GuidelinesPage(access, library, clinic, audit, queue.frame, limits)
    measures = MeasuresPage(access, engine, audit, queue.frame, limits)
    trail_page = AuditPage(access, trail, audit, queue.frame)
    emergency = Emergency(access, audit, queue.frame)
    invite = InvitePage(access, engine, line, audit, queue.frame, limits)
    on_call = OnCallPage(access, store.rotas, audit, queue.frame, reach)
    live = Live(access, store.changes, presence, store.attendance, streams)
    one = "/console/cases/{id}"
    return [
        Route(SIGN_IN, access.open(sign_in.show)),
        Route(SIGN_IN, access.open(sign_in.submit), methods=["POST"]),
        Route(f"{SIGN_IN}/code", access.open(sign_in.submit_code), methods=["POST"]),
        Route(f"{SIGN_IN}/identity", access.open(sign_in.go_to_provider)),
        Route(BACK, access.open(sign_in.come_back)),
        Route("/console/sign-out", access.acting(sign_in.leave, OWN_ACCOUNT), methods=["POST"]),
        Route("/console", access.reading(queue.show, READ_CASES)),
        Route("/console/events", access.reading(live.listen, LISTEN, by_person=False)),
        Route("/console/awake", access.acting(live.awake, OWN_ACCOUNT), methods=["POST"]),
        Route("/console/rang", access.acting(live.rang, LISTEN, by_person=False), methods=["POST"]),
        Route(one, access.reading(case.show, READ_CASES)),
        Route(one + "/{action}", access.acting(case.act, ACT_ON_CASES), methods=["POST"]),
        Route("/console/account", access.reading(account.show, OWN_ACCOUNT)),
        Route("/console/account/password", access.acting(account.change_password, OWN_ACCOUNT), methods=["POST"]),
        Route(ENROL, access.reading(account.begin, OWN_ACCOUNT)),
        Route(ENROL, access.acting(account.enrol, OWN_ACCOUNT), methods=["POST"]),
        Route(f"{ENROL}/off", access.acting(account.turn_off, OWN_ACCOUNT), methods=["POST"]),
        Route("/console/staff", access.reading(people.show, MANAGE_STAFF)),
        Route("/console/staff", access.acting(people.add, MANAGE_STAFF), methods=["POST"]),
        Route("/console/staff/{action}", access.acting(people.act, MANAGE_STAFF), methods=["POST"]),
        Route("/console/emergency", access.reading(emergency.show, BREAK_GLASS)),
        Route("/console/emergency", access.acting(emergency.open, BREAK_GLASS), methods=["POST"]),
        Route("/console/emergency/end", access.acting(emergency.close, BREAK_GLASS), methods=["POST"]),
        Route("/console/protocols", access.reading(protocols.list, SEE_FIGURES)),
        Route("/console/protocols/{name}", access.reading(protocols.show, SEE_FIGURES)),
        Route("/console/guidelines", access.reading(guidelines.shelf, SEE_FIGURES)),
        Route("/console/guidelines", access.taking(guidelines.put_in, PUT_GUIDELINES_IN), methods=["POST"]),
        Route("/console/guidelines/{document}", access.reading(guidelines.show, SEE_FIGURES)),
        Route(
            "/console/guidelines/{document}/{action}",
            access.acting(guidelines.act, DECIDE_GUIDELINES),
            methods=["POST"],
        ),
        Route("/console/replies", access.reading(canned.show, ACT_ON_CASES)),
        Route("/console/replies/{action}", access.acting(canned.act, EDIT_REPLIES), methods=["POST"]),
        Route("/console/invite", access.reading(invite.show, ACT_ON_CASES)),
        Route("/console/invite", access.acting(invite.send, ACT_ON_CASES), methods=["POST"]),
        Route("/console/on-call", access.reading(on_call.show, SEE_ON_CALL)),
        Route("/console/on-call/test", access.acting(on_call.test, SEE_ON_CALL), methods=["POST"]),
        Route("/console/on-call/{action}", access.acting(on_call.act, MANAGE_STAFF), methods=["POST"]),
        Route("/console/measures", access.reading(measures.show, SEE_FIGURES)),
        Route("/console/measures.csv", access.reading(measures.file, SEE_FIGURES)),
        Route("/console/audit", access.reading(trail_page.show, READ_TRAIL)),
        Mount("/console/assets", StaticFiles(directory=FOLDER / "static")),
    ]


def console_areas() -> list[Area]:
    """The security headers of these addresses, for `channels.headers.SecurityHeaders`."""
    return [AREA]
