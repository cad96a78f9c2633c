"""The ways by which this clinic pages, from its settings. Knows nothing about when a page is sent."""

from collections.abc import Callable, Mapping

import httpx

from app.settings import Settings, SettingsError
from channels.senders.mail import Mail, MailHeartbeat, read_mail_server
from channels.senders.ntfy import Ntfy
from channels.senders.pagerduty import PagerDuty
from channels.senders.people import Person, Tickets
from channels.senders.telephones import TextPage, VoicePage
from channels.senders.webhook import Webhook
from channels.telephony.port import Telephone
from dialogue.paging_ports import Sender
from dialogue.ports import Clock
from policies import rota

WAYS = (
    "PREVISIT_WEBHOOK_URL with PREVISIT_WEBHOOK_SECRET, PREVISIT_PAGERDUTY_KEY, PREVISIT_NTFY_URL, "
    "PREVISIT_MAIL_SERVER with PREVISIT_PAGE_MAIL, or Twilio with PREVISIT_PAGE_TEXT or PREVISIT_PAGE_VOICE, "
    "which count as one (docs/operations.md, Who is paged, and how)"
)

ByWay = Callable[[rota.Person, str], Sender]


def configured(settings: Settings) -> tuple[str, ...]:
    """The names of the senders that are set up, the console first: it is always there."""
    ways = {
        "webhook": settings.webhook_url,
        "pagerduty": settings.pagerduty_key.get_secret_value(),
        "ntfy": settings.ntfy_url,
        "mail": settings.mail_server.get_secret_value() and settings.page_mail,
        "text": settings.twilio_account and settings.page_text,
        "voice": settings.twilio_account and settings.page_voice,
    }
    return ("console", *(name for name, given in ways.items() if given))


def carriers_of(settings: Settings, on_call: rota.Rota | None = None) -> set[str]:
    """The independent carriers of a page: it reaches nobody only if all of them fail."""
    return rota.carriers(configured(settings), reaching_people(settings), on_call)


def reaching_people(settings: Settings) -> set[str]:
    """The kinds of way to one person that this clinic has set up."""
    by_mail = {"mail"} if settings.mail_server.get_secret_value() else set()
    return by_mail | ({"text", "voice"} if settings.twilio_account else set())


def may_have_two_ways(settings: Settings) -> bool:
    """Whether there can be two independent ways. Ways to people of the rota count as possible: the running server reads
    the rota, and its health page says whether anybody has one."""
    return len(rota.carriers((*configured(settings), *reaching_people(settings)))) >= rota.ENOUGH


def require_two_ways(settings: Settings) -> None:
    """Raises SettingsError if patients are served and a single fault could stop every page. A trial may have just the
    console."""
    if settings.is_trial or may_have_two_ways(settings):
        return
    alone = "Every page needs two ways that do not fail together, and pages would go by the console alone"
    raise SettingsError(f"{alone}. Set one more: {WAYS}.")


def senders(
    settings: Settings, client: httpx.AsyncClient, telephone: Telephone | None, tickets: Tickets, clock: Clock
) -> list[Sender]:
    """One for each configured name but the console's."""
    makers: dict[str, Callable[[], Sender]] = {
        "webhook": lambda: Webhook(settings.webhook_url, settings.webhook_secret.get_secret_value(), client, clock),
        "pagerduty": lambda: PagerDuty(settings.pagerduty_key.get_secret_value(), client, settings.pagerduty_api),
        "ntfy": lambda: Ntfy(settings.ntfy_url, settings.ntfy_token.get_secret_value(), client),
        "mail": lambda: Mail(
            read_mail_server(settings.mail_server.get_secret_value()),
            settings.mail_from,
            settings.page_mail,
            tickets,
            clock,
        ),
    }
    if telephone is not None:
        makers["text"] = lambda: TextPage(telephone, settings.page_text, tickets, clock)
        makers["voice"] = lambda: VoicePage(telephone, settings.page_voice, tickets, clock)
    return [makers[name]() for name in configured(settings) if name in makers]


def by_way(settings: Settings, telephone: Telephone | None, tickets: Tickets, clock: Clock) -> Mapping[str, ByWay]:
    """Makes the senders that reach one person of the rota, by kind of way; only kinds that the clinic has set up."""
    ways: dict[str, ByWay] = {}
    if server := settings.mail_server.get_secret_value():
        read = read_mail_server(server)
        ways["mail"] = lambda one, address: Mail(
            read, settings.mail_from, (Person(one.name, address),), tickets, clock, f"mail: {one.name}"
        )
    if telephone is not None:
        line = telephone
        ways["text"] = lambda one, address: TextPage(
            line, (Person(one.name, address),), tickets, clock, f"text: {one.name}"
        )
        ways["voice"] = lambda one, address: VoicePage(
            line, (Person(one.name, address),), tickets, clock, f"voice: {one.name}"
        )
    return ways


def texted(on_call: rota.Rota) -> tuple[Person, ...]:
    """Everybody on the rota who gets texts: a reply from that number acknowledges in their name."""
    return tuple(Person(one.name, way.address) for one in on_call.people for way in one.ways if way.kind == "text")


def tried(
    settings: Settings,
    client: httpx.AsyncClient,
    telephone: Telephone | None,
    tickets: Tickets,
    clock: Clock,
    on_call: rota.Rota | None = None,
) -> list[Sender]:
    """The senders for test pages, including ways that only people of the rota have.

    The mail server is asked for each address of the rota; a carrier can only be asked for our account, once for all.
    """
    ways = senders(settings, client, telephone, tickets, clock)
    names = {way.name for way in ways}
    if telephone is not None and not names & {"text", "voice"}:
        ways.append(TextPage(telephone, (), tickets, clock, "text and voice"))
    if server := settings.mail_server.get_secret_value():
        people = on_call.people if on_call else ()
        write, sender = by_way(settings, telephone, tickets, clock)["mail"], settings.mail_from
        written = [write(one, way.address) for one in people for way in one.ways if way.kind == "mail"]
        ways += written
        if "mail" not in names and not written:
            ways.append(Mail(read_mail_server(server), sender, (), tickets, clock))
        if watched := settings.heartbeat_mail:
            to = (Person("heartbeat", watched),)
            ways.append(MailHeartbeat(Mail(read_mail_server(server), sender, to, tickets, clock, "heartbeat")))
    return ways


def require_reachable(settings: Settings) -> None:
    """Raises SettingsError if a way to page is set up only in part, and its pages would go nowhere."""
    if settings.page_mail and not settings.mail_server.get_secret_value():
        raise SettingsError("PREVISIT_PAGE_MAIL needs PREVISIT_MAIL_SERVER, like smtps://user:password@host.")
    if (settings.page_text or settings.page_voice) and not settings.twilio_account:
        raise SettingsError("PREVISIT_PAGE_TEXT and PREVISIT_PAGE_VOICE need PREVISIT_TWILIO_ACCOUNT and its kin.")
    if server := settings.mail_server.get_secret_value():
        try:
            read_mail_server(server)
        except ValueError as error:
            raise SettingsError(f"PREVISIT_MAIL_SERVER: {error}") from None
