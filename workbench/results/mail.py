"""Messages as plain e-mails, over the server that the environment names.

``WORKBENCH_SMTP_URL`` is smtp://name:password@host:587 (STARTTLS, required), smtps://name:password@host:465 (TLS) or,
for a relay that is trusted with both, smtp+plain://host:25. ``WORKBENCH_SMTP_FROM`` is who sends; by default the name.
"""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from workbench.domain.errors import InvalidStream
from workbench.domain.streams import Message, MessageChannel, checked_address
from workbench.results.failures import DeliveryRefused, NoServer, NotSetUp, Unreached

TIMEOUT_S = 10.0
SERVER, SENDER = "WORKBENCH_SMTP_URL", "WORKBENCH_SMTP_FROM"
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_MAX_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class MailServer:
    """As the environment names it."""

    scheme: str
    host: str
    port: int
    name: str
    password: str = field(repr=False)
    sender: str


def server_of(environment: os._Environ[str] | dict[str, str]) -> MailServer:
    """Read the settings; raises ``NotSetUp``, without the password in its words."""
    url = environment.get(SERVER)
    if not url:
        raise NotSetUp(f"{SERVER} is not set, so e-mails wait")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise NotSetUp(f"{SERVER}: must be an address such as smtp://name:password@host:587") from None
    if parts.scheme not in _PORTS or not host:
        raise NotSetUp(f"{SERVER}: must begin with {' or '.join(f'{name}://' for name in _PORTS)}")
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme == "smtp+plain" and name:
        raise NotSetUp(f"{SERVER}: passwords are only sent over TLS; use smtp:// or smtps://")
    try:
        sender = checked_address(environment.get(SENDER) or name)
    except InvalidStream:
        raise NotSetUp(f"{SENDER}: set it to the sender address of e-mails") from None
    return MailServer(parts.scheme, host, port or _PORTS[parts.scheme], name, password, sender)


def mail_of(message: Message, channel: MessageChannel, sender: str) -> EmailMessage:
    """Plain text. Message-ID stays the same, so that mail programs drop what comes twice."""
    mail = EmailMessage()
    mail["From"] = checked_address(sender)
    mail["To"] = checked_address(channel.target)
    mail["Subject"] = message.subject[:_MAX_SUBJECT]
    mail["Date"] = format_datetime(message.created)
    mail["Message-ID"] = f"<{message.id}.{channel.id}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    return mail


def send(message: Message, channel: MessageChannel) -> None:
    """Hand it to the server; once that has said OK, it is the server's to deliver.

    Raises:
        NotSetUp: no server is named.
        NoServer: it is not there, or does not let us in.
        Refused: the server takes no mail for this address.
        Unreached: the server said no for another reason.
    """
    server = server_of(os.environ)
    try:
        mail = mail_of(message, channel, server.sender)
        try:
            connection = _connected(server)
        except (OSError, smtplib.SMTPException) as error:
            raise NoServer(f"the mail server could not be reached: {_words(error)}") from None
        with connection:
            connection.send_message(mail)
    except InvalidStream as error:
        raise DeliveryRefused(str(error)) from None
    except smtplib.SMTPRecipientsRefused as error:
        code, told = next(iter(error.recipients.values()))
        said = f"the mail server answered {code} {told.decode(errors='replace')}"
        raise (DeliveryRefused(said) if 500 <= code < 600 else Unreached(said)) from None
    except (OSError, smtplib.SMTPException) as error:
        raise Unreached(f"not sent: {_words(error)}") from None


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_S, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.scheme == "smtp":
            connection.starttls(context=context)
        if server.name:
            connection.login(server.name, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__
