"""`previsit invite` and `previsit demo`: patients by text. Knows nothing about what is said to them."""

import asyncio
from typing import Annotated

import typer
import uvloop

from app.exits import fail, patients_settings_or_exit, say, until_stopped
from app.listening import listen
from app.options import DataDir, EmergencyNumber, ModelSwitch, Port
from app.services import open_patient_texts, open_services
from app.settings import Settings
from channels.sms.inviting import NoSuchNumber, invite, normal_number
from channels.telephony.port import TelephoneFailed
from dialogue.events import Door

demo_app = typer.Typer(no_args_is_help=True)


@demo_app.callback()
def _group() -> None:
    """The product tried without accounts elsewhere."""


@demo_app.command()
def sms(
    data_dir: DataDir = None,
    port: Port = None,
    phone_port: Annotated[int, typer.Option(help="port of the telephone's page; 0 takes a free one")] = 8090,
    emergency_number: EmergencyNumber = None,
    model: ModelSwitch = None,
) -> None:
    """Start the product with a carrier that stands in for Twilio, and a telephone on a web page."""
    from app.demo.sms import demo

    given = {"data_dir": data_dir, "port": port, "emergency_number": emergency_number, "model": model}
    settings = patients_settings_or_exit(**given)
    if settings.port == 0:
        with listen(settings.host, 0) as probe:
            settings = settings.model_copy(update={"port": probe.getsockname()[1]})
    until_stopped(lambda: uvloop.run(demo(settings, phone_port, say)))


def invite_command(
    number: Annotated[str, typer.Argument(help="the patient's telephone, like +15551234567")],
    in_text: Annotated[
        bool, typer.Option("--text/--link", help="the interview in texts, or a link to the chat page")
    ] = False,
    language: Annotated[str, typer.Option(help="of PREVISIT_LANGUAGES; the first of them where none is named")] = "",
    data_dir: DataDir = None,
) -> None:
    """Text a patient: a short-lived link with nothing of health in it, or the interview itself, consent first.

    On the embedded store this works while no server runs; beside a running one, invite from the console.
    """
    settings = patients_settings_or_exit(data_dir=data_dir)
    try:
        wanted = normal_number(number, settings.phone_region)
    except NoSuchNumber as error:
        fail(str(error))
    if language and language not in settings.languages:
        fail(f"Patients cannot chat in '{language}' here. PREVISIT_LANGUAGES has: {', '.join(settings.languages)}.")
    if not settings.twilio_account:
        fail("There is no line for texts. Set PREVISIT_TWILIO_ACCOUNT, _TOKEN and _NUMBER, or try: previsit demo sms")
    until_stopped(lambda: asyncio.run(_invite(settings, wanted, "text" if in_text else "link", language)))


async def _invite(settings: Settings, number: str, door: Door, language: str) -> None:
    """The first text goes out here; if that fails, the worker sends it once it can."""
    async with open_services(settings) as services, open_patient_texts(services) as patient_texts:
        phones = services.storage.store.phones
        if await phones.has_stopped(number):
            fail("This telephone has sent STOP: it gets no texts until it sends START.")
        conversation = await invite(services.engine, phones, number, door, language)
        try:
            if patient_texts:
                await patient_texts.tell(conversation, conversation.version)
        except TelephoneFailed as failed:
            fail(f"The text is not sent yet ({failed}). It is kept, and sent when the carrier takes it.")
        say(f"Invited. Case {conversation.code}.")
