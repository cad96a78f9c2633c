"""How a command ends: with a message for expected faults. Knows no command."""

import sys
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import typer

from app.assets import AssetError
from app.clinic import build_clinic
from app.listening import PortInUse
from app.logs import keep_log
from app.paging import require_reachable, require_two_ways
from app.settings import Settings, SettingsError, read_settings, require_emergency_number
from app.storage import DataFolderError
from channels.fhir.smart import KeyRefused
from channels.problems import place
from dialogue.clinic import Clinic
from dialogue.ports import StoreUnavailable
from dialogue.wording import WordingError
from knowledge.errors import KnowledgeError
from policies.problems import ContentError
from storage.embedded import StoreError
from storage.sealing import SealingError

T = TypeVar("T")

EXPECTED = (
    AssetError,
    ContentError,
    DataFolderError,
    KeyRefused,
    KnowledgeError,
    PortInUse,
    SealingError,
    SettingsError,
    StoreError,
    StoreUnavailable,
    WordingError,
)
"""Faults whose message says what to do."""


def settings_or_exit(**given: Any) -> Settings:
    try:
        return read_settings(**given)
    except SettingsError as error:
        fail(str(error))


def patients_settings_or_exit(**given: Any) -> Settings:
    """The settings of a command that speaks to patients; sets up its log."""
    settings = settings_or_exit(**given)
    try:
        require_emergency_number(settings)
        require_reachable(settings)
        require_two_ways(settings)
    except SettingsError as error:
        fail(str(error))
    keep_log(settings.log_level)
    return settings


def clinic_or_exit(settings: Settings) -> Clinic:
    try:
        return build_clinic(settings)
    except EXPECTED as error:
        fail(str(error))


def until_stopped(run: Callable[[], T]) -> T:
    """Runs until it ends. Ctrl-C exits with 0, an expected fault with its message and 1."""
    try:
        return run()
    except KeyboardInterrupt:
        say("")
        raise typer.Exit(0) from None
    except EXPECTED as error:
        fail(str(error))
    except (typer.Exit, SystemExit):
        raise
    except Exception as error:  # its text, and a traceback, may hold a patient's words
        fail(f"a fault in this program: {type(error).__name__} at {place(error)}")


def say(line: str) -> None:
    typer.echo(line)
    sys.stdout.flush()


def fail(message: str) -> NoReturn:
    typer.echo(f"previsit: {message}", err=True)
    raise typer.Exit(1)
