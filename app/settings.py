"""Every setting of previsit, read from the environment once and passed on. The only reader of `os.environ`.

Each field is set by the variable PREVISIT_<FIELD>. An unknown variable with that prefix is an error, so that a misspelt
one is noticed.
"""

import os
import re
import secrets
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from app.setting_values import (
    EMPTY_IS_NONE,
    LOOPBACK,
    BaseAddress,
    Listed,
    MinutesByLevel,
    People,
    RecordsAddress,
    Roles,
    WebAddress,
)

PREFIX = "PREVISIT_"
UNSET_NUMBER = "your local emergency number"
TWILIO = "https://api.twilio.com"


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what it may be."""


class Settings(BaseModel):
    """Empty URLs mean the embedded default: our own Valkey, Qdrant in process, a local model server."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data_dir: Path = Field(default=Path("data"), description="where the embedded store, guidelines and keys live")
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8080, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    public_url: BaseAddress = Field(default="", description="the address that patients and staff use, without a path")
    redis_url: SecretStr = Field(
        default=SecretStr(""),
        description="redis://, rediss:// or unix://; of a cluster: some nodes; empty: embedded",
    )
    qdrant_url: BaseAddress = Field(default="", description="a Qdrant server; empty: in process")
    qdrant_api_key: SecretStr = SecretStr("")
    embedding_url: BaseAddress = Field(
        default="", description="a TEI server for the vectors of guidelines; empty: in process"
    )
    embedding_floor: float = Field(
        default=0.34, ge=-1, le=1, description="the cosine below which nothing of that server's model is good enough"
    )
    rerank_url: BaseAddress = Field(
        default="", description="a TEI server that puts the passages found in order; empty: none"
    )
    model: bool = Field(default=True, description="whether the assessment asks a model at all")
    model_url: BaseAddress = Field(default="", description="TGI or another Messages API; empty: a local small model")
    model_api: Literal["chat", "generate"] = Field(
        default="chat", description='"generate": TGI\'s own, for models without a chat template'
    )
    model_name: str = Field(default="tgi", description='"tgi" for the base model, else the name of an adapter')
    model_second_url: BaseAddress = Field(
        default="", description="a second server, asked when the first is slow or fails"
    )
    model_second_after: float = Field(default=10.0, gt=0, description="seconds that the first server has for itself")
    model_at_once: int = Field(default=4, ge=1, le=64, description="calls to a model server at once; a local one: 1")
    model_token: SecretStr = SecretStr("")
    model_file: Path | None = Field(default=None, description="a GGUF file for the local model server")
    model_seconds: float = Field(default=90.0, gt=0, description="for the whole of one assessment")
    emergency_number: str = Field(
        default=UNSET_NUMBER, min_length=1, description="the number patients are told to call"
    )
    crisis_line: str = Field(default="", description="the number for someone in despair; empty: the emergency number")
    paraphrases: bool = Field(default=True, description="whether danger is also suspected by likeness, and asked back")
    clinic_name: str = Field(default="the clinic", min_length=1)
    clinic_origins: Listed = Field(default=(), description="sites that may embed the chat, comma-separated")
    webhook_url: WebAddress = Field(default="", description="where pages are POSTed")
    webhook_secret: SecretStr = Field(default=SecretStr(""), description="signs the pages; needed with a webhook")
    pagerduty_key: SecretStr = Field(default=SecretStr(""), description="pages to PagerDuty: an Events v2 routing key")
    pagerduty_api: str = Field(default="https://events.pagerduty.com", description="another address of the same API")
    ntfy_url: str = Field(default="", description="pages to an ntfy topic, like https://ntfy.clinic.example/on-call")
    ntfy_token: SecretStr = SecretStr("")
    mail_server: SecretStr = Field(default=SecretStr(""), description="pages by mail: smtps://user:password@host")
    mail_from: str = Field(default="previsit@localhost", description="the sender of that mail")
    page_mail: People = Field(default=(), description="who is paged by mail: Kim Lee=kim@clinic.example, ...")
    page_text: People = Field(default=(), description="who is paged by text: Kim Lee=+15551234567, ...")
    page_voice: People = Field(default=(), description="who is rung: Kim Lee=+15551234567, ...")
    twilio_account: str = Field(default="", description="texts to patients: the account's id; empty: no texts")
    twilio_token: SecretStr = Field(default=SecretStr(""), description="signs Twilio's requests, and opens its API")
    twilio_number: str = Field(default="", description="the number that texts come from, like +15551234567")
    twilio_api: str = Field(default=TWILIO, description="another address of the same API")
    phone_region: str = Field(default="", description='where numbers without a country code are from: "US", "GB", ...')
    invitation_minutes: float = Field(default=30.0, gt=0, description="how long a link that was texted is good for")
    rasa_token: SecretStr = Field(
        default=SecretStr(""), description="lets a Rasa assistant call /rasa/actions; empty: there is no such address"
    )
    secret_key_file: Path | None = Field(default=None, description="the master key; default: DATA_DIR/master.key")
    booking_url: WebAddress = Field(
        default="", description="where appointments are asked for: a signed POST, as pages are"
    )
    fhir_url: RecordsAddress = Field(
        default="", description="a FHIR R4 server that closed cases are sent to; empty: none"
    )
    fhir_client_id: str = Field(default="", description="who we are there (SMART backend services); empty: nobody asks")
    fhir_key_file: Annotated[Path | None, EMPTY_IS_NONE] = Field(
        default=None, description="our private key there: PEM or JWK, RSA or P-384"
    )
    fhir_token_url: RecordsAddress = Field(
        default="", description="where tokens are given there; empty: the server says it"
    )
    fhir_scope: str = Field(default="system/*.crs", description="what we ask to be allowed there")
    fhir_folder: Annotated[Path | None, EMPTY_IS_NONE] = Field(
        default=None, description="where closed cases are written as FHIR; empty: nowhere"
    )
    oidc_issuer: WebAddress = Field(default="", description="the identity provider for staff; empty: passwords only")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name_claim: str = Field(default="preferred_username", description="the claim that names the person")
    oidc_role_claim: str = Field(default="roles", description="the claim that lists what the person is")
    oidc_roles: Roles = Field(default=(), description="our role for theirs: nurse=clinic-nurses,doctor=clinic-doctors")
    require_second_factor: bool = Field(default=False, description="whether a password alone signs nobody in")
    idle_minutes: float = Field(default=15.0, ge=3, le=60, description="until a quiet console signs its person out")
    staff_names: bool = Field(
        default=True, description="whether patients read by name who has answered, or only that it is one of the staff"
    )
    first_impression: bool = Field(
        default=False, description="whether a nurse notes a level before the machine's is shown"
    )
    languages: Listed = Field(
        default=("en",), min_length=1, description="in which patients may chat, the usual one first: en,es"
    )
    page_repeat_seconds: float = Field(default=60.0, ge=1, description="until an unacknowledged page climbs")
    service_minutes: MinutesByLevel = Field(
        default={}, description="how soon a case wants an answer: EMERGENCY=2,HIGH=30,MEDIUM=240,LOW=1440"
    )
    page_act_minutes: float = Field(
        default=10.0, ge=0, description="until an acknowledged page that nothing was done about goes out anew; 0: never"
    )
    page_test_minutes: float = Field(
        default=60.0, ge=0, description="between quiet test pages by every way that is set up; 0: none"
    )
    heartbeat_url: str = Field(
        default="", description="asked for after each test that got through: who watches it hears when we are silent"
    )
    heartbeat_mail: str = Field(
        default="", description="a mailbox that is sent a letter with each test: who watches it notices when none comes"
    )
    retention_days: float = Field(default=30.0, ge=0, description="how long a closed case is kept")
    abandon_minutes: float = Field(
        default=24 * 60.0, ge=0, description="how long a chat with nothing to review is kept"
    )
    silence_minutes: float = Field(default=30.0, gt=0, description="until a silent chat counts as left")
    worker_silence_seconds: float = Field(
        default=20.0, ge=2, description="until a worker that is not heard of counts as dead, and others do its duties"
    )
    worker: bool = Field(default=True, description="whether the server does the workers' duties as well")
    trusted_proxies: str = Field(
        default="127.0.0.1", description="addresses or networks whose X-Forwarded-For is believed, comma-separated"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description='what is logged; "info" adds a line a request, without query or body'
    )

    @property
    def key_file(self) -> Path:
        return self.secret_key_file or self.data_dir / "master.key"

    @property
    def audit_file(self) -> Path:
        return self.data_dir / "audit.jsonl"

    @property
    def language(self) -> str:
        """The clinic's own language, used where a patient has chosen none."""
        return self.languages[0]

    @property
    def knows_emergency_number(self) -> bool:
        return self.emergency_number != UNSET_NUMBER

    @property
    def is_trial(self) -> bool:
        """Whether the server is reached from this machine only, so that nobody on it can be a patient."""
        return not self.public_url and self.host in LOOPBACK

    @property
    def address(self) -> str:
        """The address that patients and staff use."""
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host  # noqa: S104
        return self.public_url or f"http://{f'[{shown}]' if ':' in shown else shown}:{self.port}"


def require_emergency_number(settings: Settings) -> Settings:
    """Raises SettingsError if patients are served and no emergency number is set. A trial may do without."""
    if not settings.knows_emergency_number and not settings.is_trial:
        raise SettingsError(
            "No emergency number is set. Say which number your patients call in an emergency: "
            f"--emergency-number 911 (or 112, 999, ...) or {PREFIX}EMERGENCY_NUMBER."
        )
    return settings


def read_settings(environment: Mapping[str, str] | None = None, **given: Any) -> Settings:
    """Settings from the environment, by default the process's own; options in `given` that are not None have
    precedence."""
    found: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    for variable, value in (os.environ if environment is None else environment).items():
        if variable.startswith(PREFIX):
            found.setdefault(variable.removeprefix(PREFIX).lower(), value)
    try:
        settings = Settings.model_validate(found)
    except ValidationError as error:
        raise SettingsError("\n".join(_explained(error))) from None
    if (settings.webhook_url or settings.booking_url) and not settings.webhook_secret.get_secret_value():
        raise SettingsError(
            f"{PREFIX}WEBHOOK_SECRET is missing: pages are signed. For example: {secrets.token_urlsafe(24)}"
        )
    if settings.oidc_issuer and not (settings.oidc_client_id and settings.oidc_roles):
        raise SettingsError(
            f"{PREFIX}OIDC_CLIENT_ID and {PREFIX}OIDC_ROLES are needed with an identity provider: who we are there, "
            "and which of its roles is which of ours, for example nurse=clinic-nurses,admin=clinic-it."
        )
    _require_whole_line(settings)
    _require_one_record(settings)
    return settings


def _require_whole_line(settings: Settings) -> None:
    """Checks that text messages have all of their settings, and an address that the carrier can reach and sign."""
    token = settings.twilio_token.get_secret_value()
    line = {"ACCOUNT": settings.twilio_account, "TOKEN": token, "NUMBER": settings.twilio_number}
    missing = [f"{PREFIX}TWILIO_{name}" for name, value in line.items() if not value]
    if missing and len(missing) < len(line):
        raise SettingsError(f"Texts need more settings. Set also: {', '.join(missing)}.")
    if settings.twilio_number and not re.fullmatch(r"\+[1-9]\d{6,14}", settings.twilio_number):
        raise SettingsError(f"{PREFIX}TWILIO_NUMBER is written like +15551234567.")
    if settings.twilio_account and settings.twilio_api == TWILIO and not settings.public_url:
        raise SettingsError(f"Texts need {PREFIX}PUBLIC_URL: the address at which Twilio reaches this server.")


def _require_one_record(settings: Settings) -> None:
    """Checks that closed cases go to one place only, and that signing in at a FHIR server has all its settings."""
    if settings.fhir_url and settings.fhir_folder:
        raise SettingsError(f"Closed cases go to one place: set {PREFIX}FHIR_URL or {PREFIX}FHIR_FOLDER.")
    signs = (settings.fhir_client_id, settings.fhir_key_file)
    if any(signs) and not (all(signs) and settings.fhir_url):
        names = ", ".join(f"{PREFIX}FHIR_{name}" for name in ("URL", "CLIENT_ID", "KEY_FILE"))
        raise SettingsError(f"To sign in at a FHIR server all of these are needed: {names}.")


def _explained(error: ValidationError) -> list[str]:
    faults = error.errors(include_input=False, include_url=False)
    return [
        _unknown(str(fault["loc"][0]))
        if fault["type"] == "extra_forbidden"
        else f"{variable_of(str(fault['loc'][0]))}: {fault['msg'].removeprefix('Value error, ')}"
        for fault in faults
    ]


def _unknown(field: str) -> str:
    """The message for an unknown variable: names the most similar setting, else all of them."""
    meant = get_close_matches(field, Settings.model_fields, n=1, cutoff=0.8)
    known = ", ".join(map(variable_of, Settings.model_fields))
    hint = f"Perhaps {variable_of(meant[0])} is meant." if meant else f"The settings are: {known}"
    return f"{variable_of(field)} is no setting of previsit. {hint}"


def variable_of(field: str) -> str:
    return PREFIX + field.upper()
