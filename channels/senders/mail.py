"""Pages by e-mail over SMTP; each person gets their own link for acknowledging."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from channels.senders.people import Person, Tickets
from dialogue.paging_ports import Notice, Outcome, SendFailed
from dialogue.ports import Clock

SECONDS = 8.0

TAKEN, FORWARDED = 250, 251
"""What a server answers where it would take a letter to somebody (RFC 5321)."""


class MailServer(NamedTuple):
    """The server that takes our mail. `implicit_tls`: TLS from the first byte; else STARTTLS where it is offered."""

    host: str
    port: int
    user: str
    password: str
    implicit_tls: bool


def read_mail_server(url: str) -> MailServer:
    """ "smtps://user:password@mail.clinic.example" or "smtp://host:25"; ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("it is written as smtps://user:password@host or smtp://host:port")
    implicit = parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return MailServer(parts.hostname, parts.port or (465 if implicit else 587), user, password, implicit)


class Mail:
    """A `Sender`: accepted when the server has taken it for at least one person."""

    def __init__(
        self,
        server: MailServer,
        sender: str,
        people: Sequence[Person],
        tickets: Tickets,
        clock: Clock,
        name: str = "mail",
    ) -> None:
        self.name = name
        self._server = server
        self._from = sender
        self._people = people
        self._tickets = tickets
        self._clock = clock

    async def send(self, notice: Notice) -> None:
        await self._post([self._page(notice, person) for person in self._people])

    async def tell(self, outcome: Outcome) -> None:
        """Tells everybody who was paged, except the one who acknowledged, who that was."""
        others = [one for one in self._people if one.name != outcome.by]
        if outcome.news == "acknowledged" and others:
            await self._post([self._word(outcome, person) for person in others])

    async def try_out(self, quiet: bool) -> None:
        """Fails if the server refuses anybody. A quiet test signs in and asks whether it would take a letter of ours to
        each person, and hands none over; a loud one sends letters."""
        if quiet:
            await self._talk(self._ask)
        else:
            for person in self._people:
                await self._post([self._test_letter(person)])

    def _test_letter(self, person: Person) -> EmailMessage:
        text = "This shows that pages reach you here. There is nothing to do.\n"
        return self._letter(person, "previsit: a test page, nothing to do", text)

    def _word(self, outcome: Outcome, person: Person) -> EmailMessage:
        text = f"{outcome.by} has acknowledged the page of case {outcome.code}.\n\n{outcome.link}\n"
        return self._letter(person, f"previsit: case {outcome.code}: {outcome.by} has it", text)

    def _page(self, notice: Notice, person: Person) -> EmailMessage:
        link = self._tickets.link(notice.conversation, person.name, self._clock.now())
        text = (
            f"A case is urgent and nobody is looking after it yet (round {notice.attempt + 1}).\n\n"
            f"Case {notice.code}, {notice.level.name}\nOpen it: {notice.link}\n\n"
            f"Acknowledge as {person.name}: {link}\n"
        )
        letter = self._letter(person, f"previsit: case {notice.code}, {notice.level.name}", text)
        letter["Importance"] = "high"
        return letter

    def _letter(self, person: Person, subject: str, text: str) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self._from, person.address, subject
        letter.set_content(text)
        return letter

    async def _post(self, letters: Sequence[EmailMessage]) -> None:
        await self._talk(lambda line: _hand_over(line, letters))

    async def _talk(self, what: Callable[[smtplib.SMTP], None]) -> None:
        def talk() -> None:
            with self._line() as line:
                what(line)

        try:
            await asyncio.to_thread(talk)
        except (OSError, smtplib.SMTPException) as error:
            raise SendFailed(f"{self.name}: {type(error).__name__}") from None

    def _ask(self, line: smtplib.SMTP) -> None:
        for person in self._people:
            code, said = line.mail(self._from)
            if code != TAKEN:
                raise smtplib.SMTPSenderRefused(code, said, self._from)
            code, said = line.rcpt(person.address)
            if code not in (TAKEN, FORWARDED):
                raise smtplib.SMTPRecipientsRefused({person.address: (code, said)})
            line.rset()

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        """A connection that is signed in, encrypted wherever the server offers it."""
        secure, server = ssl.create_default_context(), self._server
        line: smtplib.SMTP
        if server.implicit_tls:
            line = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=secure)
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
        with line:
            line.ehlo_or_helo_if_needed()  # what the server offers is not known before
            if not server.implicit_tls and line.has_extn("starttls"):
                line.starttls(context=secure)
            if server.user:
                line.login(server.user, server.password)
            yield line


class MailHeartbeat:
    """A `Sender` for test pages alone: even a quiet one sends a real letter, to a mailbox that is watched for it."""

    name = "mail to the heartbeat's mailbox"

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    async def send(self, notice: Notice) -> None:
        raise SendFailed(f"{self.name} is for tests")

    async def try_out(self, quiet: bool) -> None:
        await self._mail.try_out(quiet=False)


def _hand_over(line: smtplib.SMTP, letters: Sequence[EmailMessage]) -> None:
    """One that is refused keeps no other back; raises if all are."""
    refused = []
    for letter in letters:
        try:
            line.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            refused.append(error)
    if refused and len(refused) == len(letters):
        raise refused[0]
