"""The web application: the patient's chat, the nurse console, the health page. Does not open its parts."""

from collections.abc import Awaitable, Callable
from typing import Any, cast

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.paging import configured, reaching_people, texted
from app.services import Services, audit_of, tickets_of
from app.settings import Settings, SettingsError
from app.texting import text_routes
from app.way_watch import try_person
from channels.access_log import AccessLog
from channels.acknowledging import Acknowledging, acknowledging_routes
from channels.console.config import ConsoleConfig
from channels.console.identity import Provider
from channels.console.invite_page import Line
from channels.console.library import Library
from channels.console.routes import console_areas, console_routes
from channels.console.service_times import SERVICE_SECONDS
from channels.event_stream import Streams
from channels.headers import SecurityHeaders, api_area, page_area
from channels.problems import PROBLEM_HANDLERS, CatchAll
from channels.rasa import rasa_routes
from channels.sms.patient_texts import PatientTexts
from channels.telephony.signature import SignedRequests
from channels.web.config import WebConfig
from channels.web.limits import WebLimits
from channels.web.routes import patient_api, patient_areas, patient_routes
from channels.web.turn_endpoint import TURNS, TurnEndpoint

HealthEndpoint = Callable[[Request], Awaitable[Response]]


def create_app(
    services: Services,
    streams: Streams,
    health: HealthEndpoint,
    patient_texts: PatientTexts | None = None,
    library: Library | None = None,
) -> ASGIApp:
    """The whole application. A patient's turn, the hot path, is handled before the routes (`TurnEndpoint`)."""
    web, limits, acknowledging = _web_config(services), WebLimits(), _acknowledging(services)
    api = patient_api(services.engine, services.storage.store.changes, web, streams, limits)
    routes: list[BaseRoute] = [
        *patient_routes(api),
        *rasa_routes(services.engine, web, limits),
        *_rasa_actions(services, web),
        *acknowledging_routes(acknowledging),
        *_text_routes(services, patient_texts, acknowledging),
        *_console_routes(services, streams, patient_texts, library),
        Route("/health", health),
        Route("/", _home),
    ]
    areas = [*patient_areas(web), *console_areas(), page_area("/page"), api_area("")]
    inner = Starlette(routes=routes, exception_handlers=PROBLEM_HANDLERS, middleware=[Middleware(CatchAll)])
    guarded = SecurityHeaders(inner, areas, https=_is_https(services))
    rest: Any = ProxyHeadersMiddleware(cast(Any, guarded), services.settings.trusted_proxies)  # its types are its own
    return AccessLog(TurnEndpoint(api.say, rest, guarded.of(TURNS)))


def _text_routes(
    services: Services, patient_texts: PatientTexts | None, acknowledging: Acknowledging
) -> list[BaseRoute]:
    settings, store = services.settings, services.storage.store

    async def by_text(number: str, body: str) -> str:
        kept = await store.rotas.current()
        on_call = texted(kept.rota) if kept else ()
        return await acknowledging.by_text(number, body, (*settings.page_text, *on_call))

    secret = services.storage.token_secret
    return text_routes(services.engine, store.phones, patient_texts, settings, secret, by_text)


def _console_routes(
    services: Services, streams: Streams, patient_texts: PatientTexts | None, library: Library | None
) -> list[BaseRoute]:
    return console_routes(
        _console_config(services),
        engine=services.engine,
        store=services.storage.store,
        presence=services.presence,
        streams=streams,
        reach=lambda person: try_person(person, services.settings, tickets_of(services), services.clock),
        audit=audit_of(services),
        trail=services.storage.audit,
        library=library,
        line=_line(services) if patient_texts else None,
        identity=_provider(services.settings),
    )


async def _home(request: Request) -> Response:
    return RedirectResponse("/demo")


def _line(services: Services) -> Line:
    settings = services.settings
    return Line(services.storage.store.phones, settings.phone_region, settings.invitation_minutes)


def _acknowledging(services: Services) -> Acknowledging:
    settings = services.settings
    signed = None
    if settings.twilio_account:
        token = settings.twilio_token.get_secret_value()
        signed = SignedRequests(settings.address, settings.twilio_account, token)
    staff = services.storage.store.staff
    return Acknowledging(services.engine, tickets_of(services), settings.address, signed, audit_of(services), staff)


def _rasa_actions(services: Services, web: WebConfig) -> list[BaseRoute]:
    token = services.settings.rasa_token.get_secret_value()
    if not token:
        return []
    try:
        from channels.rasa_action_server import rasa_action_routes  # needs the extra `rasa`
    except ImportError:
        raise SettingsError("PREVISIT_RASA_TOKEN needs rasa-sdk: pip install 'previsit[rasa]'") from None
    return rasa_action_routes(services.engine, web.secret, token)


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        roles=settings.oidc_roles,
        name_claim=settings.oidc_name_claim,
        role_claim=settings.oidc_role_claim,
    )


def _is_https(services: Services) -> bool:
    return services.settings.address.startswith("https://")


def _web_config(services: Services) -> WebConfig:
    settings = services.settings
    return WebConfig(
        clinic_name=settings.clinic_name,
        emergency_number=settings.emergency_number,
        crisis_line=settings.crisis_line,
        public_url=settings.address,
        secret=services.storage.token_secret,
        clinic_origins=settings.clinic_origins,
        languages=settings.languages,
    )


def _console_config(services: Services) -> ConsoleConfig:
    settings = services.settings
    origins = (settings.public_url,) if settings.public_url else ()
    service = {level: minutes * 60 for level, minutes in settings.service_minutes.items()}
    return ConsoleConfig(
        clinic=settings.clinic_name,
        secret=services.storage.console_secret,
        https=_is_https(services),
        origins=origins,
        idle_seconds=settings.idle_minutes * 60,
        booking=bool(settings.booking_url),
        first_impression=settings.first_impression,
        staff_names=settings.staff_names,
        second_factor_required=settings.require_second_factor,
        page_test_seconds=settings.page_test_minutes * 60,
        ways=configured(settings),
        personal=frozenset(reaching_people(settings)),
        trial=settings.is_trial,
        service_seconds={**SERVICE_SECONDS, **service},
        own_replies=settings.data_dir / "replies",
    )
