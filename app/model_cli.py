"""`previsit model info|try|serve`: the model that drafts, looked at without a patient."""

import asyncio
import json
import time

import typer

from app.assistance import local_server, open_assistance
from app.exits import clinic_or_exit, fail, say, settings_or_exit
from app.interviewing import Script, interviewed
from app.models import ServedModel, at, model_of
from app.settings import Settings
from dialogue.case import case_of
from llm.assessor import Budget
from llm.canary import adapter_in_use, base_name, keeps_to_schema
from llm.errors import ModelError
from llm.local_server import LocalModelServer
from llm.port import Message
from llm.prompt import build_prompt
from policies.case import Case

EXAMPLE = Script(
    id="example",
    opening="Sore throat for three days and a bit of fever",
    age_years=34,
    sex="female",
    present="it hurts to swallow. temperature 38.4. swollen glands in the neck",
    absent="cough, rash, trouble breathing, drooling",
)


def info() -> None:
    """Say which model is asked, whether it keeps to a schema, and whether the adapter that is named is in use."""
    settings = settings_or_exit()
    try:
        asyncio.run(_info(settings))
    except ModelError as error:
        fail(f"The model gives no answer: {error}. Check PREVISIT_MODEL_URL, _NAME and _TOKEN.")


async def _info(settings: Settings) -> None:
    server = await _ready(settings)
    asked = model_of(settings, server)
    if asked is None:
        fail("No model is asked: PREVISIT_MODEL is off, or its file is missing. Every draft is made from the rules.")
    try:
        where = settings.model_url or f"a local server for {server.model.name if server else '?'}"
        say(f"  asked at            {where}")
        say(f"  answers             {'yes' if await asked.healthy() else 'no'}")
        for kind, told in (await _told(asked)).items():
            say(f"  {kind:<18}  {told}")
        kept = await keeps_to_schema(asked.model)
        say(f"  keeps to a schema   {'yes' if kept else 'NO: most drafts will be refused'}")
        if settings.model_url:
            beneath = await base_name(asked.endpoints[0], settings.model_name)
            if beneath != settings.model_name:
                say(f"  adapter             {settings.model_name}: {await _adapter(settings, beneath)}")
    finally:
        await asked.aclose()
        if server:
            await server.stop()


async def _told(asked: ServedModel) -> dict[str, str]:
    """What the server says about itself. Servers have different addresses for that."""
    told: dict[str, str] = {}
    for path, read in (("/info", "model_id"), ("/v1/models", "data")):
        try:
            answer = json.loads(await asked.endpoints[0].get(path))
            found = answer[read]
        except (ModelError, ValueError, KeyError, TypeError):
            continue
        told["model" if read == "model_id" else "models"] = (
            found if isinstance(found, str) else ", ".join(str(one.get("id", "?")) for one in found)
        )
    return told


async def _adapter(settings: Settings, beneath: str) -> str:
    tuned, base = (at(settings, settings.model_url, name) for name in (settings.model_name, beneath))
    try:
        used = await adapter_in_use(tuned, base, _asked(settings))
    except ModelError as error:
        return f"cannot be told apart from the base model ({error})"
    finally:
        await tuned.endpoint.aclose()
        await base.endpoint.aclose()
    return "in use" if used else "NOT IN USE: it answers as the base model does"


def _asked(settings: Settings) -> tuple[Message, ...]:
    return build_prompt(_case(settings), (), Budget().prompt_tokens).messages


def _case(settings: Settings) -> Case:
    clinic = clinic_or_exit(settings)
    return case_of(interviewed(EXAMPLE, clinic, settings.language), clinic)


def attempt() -> None:
    """Draft an example case, as for a nurse: guidelines, model, review. Prints the draft and what the review said."""
    asyncio.run(_attempt(settings_or_exit()))


async def _attempt(settings: Settings) -> None:
    async with open_assistance(settings, say, clinic_or_exit(settings)) as assistance:
        if assistance.server:
            await assistance.server.wait_ready()
        await assistance.filling
        began = time.monotonic()
        assessment = await assistance.assessor.assess(_case(settings))
    say(f"  made by    {assessment.origin} ({assessment.model or 'no model'})")
    say(f"  seconds    {time.monotonic() - began:.1f}")
    say(f"  calls      {assessment.calls}")
    if assessment.note:
        say(f"  note       {assessment.note}")
    for objection in assessment.objections:
        say(f"  objection  {objection.code}: {objection.detail}")
    typer.echo(assessment.draft.model_dump_json(indent=2))


def serve() -> None:
    """Serve the local model by itself on loopback until Ctrl-C, for trying it with other tools."""
    settings = settings_or_exit()
    try:
        asyncio.run(_serve(settings))
    except KeyboardInterrupt:
        say("Stopped.")


async def _serve(settings: Settings) -> None:
    if settings.model_url:
        fail("PREVISIT_MODEL_URL names a server already. Unset it to serve the local model.")
    if not settings.model:
        fail("PREVISIT_MODEL is off, so no model is served.")
    server = await _ready(settings)
    if server is None:
        fail("There is no model file. Set PREVISIT_MODEL_FILE, or let `previsit serve` fetch one.")
    try:
        say(f"  {server.model.name} answers at {server.url}/v1/chat/completions")
        say(f"  Authorization: Bearer {server.token}")
        say("  Stop with Ctrl-C.")
        await asyncio.Event().wait()
    finally:
        await server.stop()


async def _ready(settings: Settings) -> LocalModelServer | None:
    server = await local_server(settings, say)
    if server and not await server.wait_ready():
        await server.stop()
        fail(f"The local model does not start: {server.failure or 'it is still loading'}.")
    return server
