"""A mail server of the tests: takes mail, refuses it, puts it off or hangs up, as it is told for each address."""

from __future__ import annotations

import email
import email.policy
import socket
import ssl
import warnings
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "authority", "the mail password"


class Handler:
    """Keeps what came. `answers` are said instead, once each; "hang up" breaks the connection."""

    def __init__(self) -> None:
        self.came: list[tuple[str, str, EmailMessage]] = []
        self.raw: list[bytes] = []
        self.on_sender = ""
        self.on_address: dict[str, list[str]] = {}
        self.on_text: dict[str, list[str]] = {}
        self.always = ""
        self.when_it_came: Callable[[str], object] = lambda address: None

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.on_sender:
            return self.on_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self._next(self.on_address, address) or self.always
        if answer == "hang up":
            server.transport.close()
            return "421 closing"
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (address,) = envelope.rcpt_tos
        answer = self._next(self.on_text, address)
        if answer == "hang up":
            server.transport.close()
            return "421 closing"
        if answer:
            return answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.raw.append(content)
        made = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        self.came.append((str(envelope.mail_from), address, made))
        self.when_it_came(address)
        return "250 queued as 42"

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for _, recipient, mail in self.came if recipient == address]

    @staticmethod
    def _next(answers: dict[str, list[str]], address: str) -> str:
        return answers[address].pop(0) if answers.get(address) else ""


class Server:
    """A handler behind a port of this machine; with `context` its clients encrypt and sign in first."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        self.handler = Handler()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        secured: dict[str, Any] = {}
        if context is not None:
            secured = {
                "tls_context": context, "require_starttls": True, "auth_required": True, "authenticator": _known,
            }  # fmt: skip
        self._controller = Controller(self.handler, hostname="127.0.0.1", port=self.port, **secured)

    def __enter__(self) -> Server:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._controller.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._controller.stop()


def _known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=right)
