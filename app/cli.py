"""The `previsit` command. Each command says what to do when it cannot do its work; none shows a stack trace for it."""

import asyncio
import gc
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, TypeVar

import typer
import uvloop
from pydantic import BaseModel

from app.audit_cli import audit_app
from app.case_cli import case_app
from app.evaluate_cli import evaluate_app
from app.exits import clinic_or_exit, fail, patients_settings_or_exit, say, settings_or_exit, until_stopped
from app.guidelines_cli import guidelines_app
from app.interviewing import Script, interview
from app.offline import Suspects
from app.options import DataDir, EmergencyNumber, ModelSwitch, Port
from app.page_cli import page_app
from app.paraphrases import suspects_of
from app.protocols_cli import protocols_app
from app.screening import BadLine, Message, read_line, screen
from app.sms_cli import demo_app, invite_command
from app.staff_cli import staff_app
from app.train_cli import add_scores, model_app, train_app
from dialogue.clinic import Clinic

app = typer.Typer(
    help="A self-hosted chat that takes a patient's history before the visit, notices danger, and pages a nurse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(protocols_app, name="protocols", help="The clinical content: check it, count it, draw it.")
add_scores(evaluate_app)
app.add_typer(evaluate_app, name="evaluate", help="How well it does, on files of labelled messages and patients.")
app.add_typer(guidelines_app, name="guidelines")
app.add_typer(staff_app, name="staff", help="Who may sign in to the nurse console.")
app.add_typer(audit_app, name="audit", help="Who did what, and whether the record of it is whole.")
app.add_typer(case_app, name="case", help="Closed cases, for the clinic's own records.")
app.add_typer(page_app, name="page")
app.add_typer(demo_app, name="demo", help="The product tried without accounts elsewhere.")
app.add_typer(train_app, name="train", help="From the clinical content to a tuned model that is served here.")
app.add_typer(model_app, name="model", help="The model that drafts: look at it, try it, score it, put it into service.")

T = TypeVar("T", bound=BaseModel)

Host = Annotated[str | None, typer.Option(help="address to listen on")]
WorkerSwitch = Annotated[bool | None, typer.Option("--worker/--no-worker", help="whether the server does duties too")]
Lines = Annotated[typer.FileBinaryRead, typer.Argument(help='JSON lines; "-" reads standard input')]


@app.command()
def serve(
    data_dir: DataDir = None,
    host: Host = None,
    port: Port = None,
    emergency_number: EmergencyNumber = None,
    model: ModelSwitch = None,
    worker: WorkerSwitch = None,
) -> None:
    """Start the whole product and say where to go. Settings are PREVISIT_… variables; see `previsit doctor`."""
    gc.disable()  # nearly all that is made until it serves stays; then `app.serve` lets it be collected again
    from app.serve import serve as run

    given = {
        "data_dir": data_dir,
        "host": host,
        "port": port,
        "emergency_number": emergency_number,
        "model": model,
        "worker": worker,
    }
    settings = patients_settings_or_exit(**given)
    until_stopped(lambda: uvloop.run(run(settings, say)))


@app.command()
def worker(data_dir: DataDir = None, emergency_number: EmergencyNumber = None, model: ModelSwitch = None) -> None:
    """Do the workers' duties apart from the server: pages, assessments, deletions. Any number may run."""
    from app.serve import work

    settings = patients_settings_or_exit(data_dir=data_dir, emergency_number=emergency_number, model=model)
    if not settings.redis_url.get_secret_value():
        fail("A worker apart from the server needs PREVISIT_REDIS_URL: the embedded store belongs to one process.")
    until_stopped(lambda: uvloop.run(work(settings, say)))


@app.command()
def chat() -> None:
    """Talk with previsit in this terminal. Nothing is kept and nobody is paged."""
    from app.chatting import chat as talk

    settings = settings_or_exit()
    typer.echo("This is a trial: nothing is kept and nobody is paged. Ctrl-D ends it.\n")
    try:
        talk(clinic_or_exit(settings), settings.language, input, typer.echo)
    except (EOFError, KeyboardInterrupt):
        typer.echo("")


@app.command(name="screen")
def screen_command(lines: Lines) -> None:
    """What the first message alone does: page, ask back or nothing.

    Reads lines {"id", "text", "age_years"?, "sex"?}; writes lines {"id", "decision", "level", "rules", "findings",
    "ask"}.
    """
    each_line(lines, Message, screen)


@app.command(name="interview")
def interview_command(lines: Lines) -> None:
    """Play whole conversations against scripted patients.

    Reads lines {"id", "opening", "age_years", "sex", "present", "absent"}; writes lines {"id", "level", "decision",
    "rules", "turns", "questions", "facts", "stopped"}.
    """
    each_line(lines, Script, interview)


@app.command()
def doctor(data_dir: DataDir = None) -> None:
    """Say what is configured and what is reachable; exit 1 if something that is needed is not."""
    from app.doctor import configured, examine

    settings = settings_or_exit(data_dir=data_dir)
    typer.echo("Settings (PREVISIT_…)")
    for line in configured(settings):
        typer.echo(line)
    typer.echo("\nParts")

    async def look() -> bool:
        fine = True
        async for check in examine(settings):
            typer.echo(f"  {'ok  ' if check.ok else 'FAIL'} {check.part:<18} {check.says}")
            fine = fine and check.ok
        return fine

    if not asyncio.run(look()):
        raise typer.Exit(1)


app.command("invite")(invite_command)


def each_line(
    lines: Iterable[bytes], model: type[T], answer: Callable[[T, Clinic, str, Suspects], Mapping[str, object]]
) -> None:
    """Answer every line, as it comes. A bad one is told on standard error, by its number; the others are answered."""
    settings = settings_or_exit()
    clinic, suspects = clinic_or_exit(settings), suspects_of(settings)
    bad = 0
    for number, line in enumerate(lines, start=1):
        try:
            item = read_line(number, line, model)
        except BadLine as error:
            typer.echo(f"previsit: {error}", err=True)
            bad += 1
            continue
        if item is not None:
            sys.stdout.write(json.dumps(answer(item, clinic, settings.language, suspects), ensure_ascii=False) + "\n")
            sys.stdout.flush()
    if bad:
        fail(f"{bad} line{'s' if bad > 1 else ''} could not be read and got no answer.")


def main() -> None:
    app()
