"""The authority's own mail account: how its server is reached, and that it is the right one."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.headerregistry import Address
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path

from suffrage.errors import WRONG_USE, AuthorityError, Problem, shown
from suffrage.roll import is_email


class Security(StrEnum):
    """How the way to the server is kept secret. `none` only inside this machine: every mail holds a code."""

    STARTTLS = "starttls"
    SSL = "ssl"
    NONE = "none"


_PORTS = {Security.STARTTLS: 587, Security.SSL: 465, Security.NONE: 25}
_PATIENCE = 60.0
_SENDER = re.compile(r'"?(?P<name>[^<>"]*?)"?\s*<(?P<in_brackets>[^<>]+)>|(?P<alone>[^<>]+)')


@dataclass(frozen=True, slots=True)
class Account:
    """A mail account. `ca_file` names further certificates to believe, for a server inside a house."""

    sender: Address
    host: str
    security: Security = Security.STARTTLS
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None

    def __post_init__(self) -> None:
        if self.security is Security.NONE and not _is_here(self.host):
            raise AuthorityError(
                Problem("--security", "codes are not sent over a line that others can read", "none", "starttls or ssl"),
                exit_code=WRONG_USE,
            )

    def connected(self) -> smtplib.SMTP:
        """A connection that is encrypted and signed in. AuthorityError (exit code 2) where there is none to be had."""
        port = self.port or _PORTS[self.security]
        place = f"{self.host}:{port}"
        try:
            context = ssl.create_default_context(cafile=str(self.ca_file) if self.ca_file else None)
            if self.security is Security.SSL:
                server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, port, timeout=_PATIENCE, context=context)
            else:
                server = smtplib.SMTP(self.host, port, timeout=_PATIENCE)
            try:
                if self.security is Security.STARTTLS:
                    server.starttls(context=context)
                if self.user:
                    server.login(self.user, self.password)
                server.ehlo_or_helo_if_needed()
            except BaseException:
                server.close()
                raise
        except smtplib.SMTPAuthenticationError as error:
            raise _refused(place, "does not let this account in", said(error.smtp_error)) from None
        except smtplib.SMTPResponseException as error:
            raise _refused(place, "refuses us", said(error.smtp_error)) from None
        except smtplib.SMTPException as error:
            raise _refused(place, "cannot be used", str(error)) from None
        except ssl.SSLError as error:
            raise _refused(place, "does not prove who it is", error.reason or str(error)) from None
        except (OSError, socket.gaierror) as error:
            raise _refused(place, "cannot be reached", error.strerror or str(error)) from None
        return server


def sender_of(text: str) -> Address:
    """The sender as people write it: an address, or `Name <address>`. AuthorityError (exit code 2) where it is none."""
    found = _SENDER.fullmatch(text.strip())
    name, email = (found["name"] or "", found["in_brackets"] or found["alone"]) if found else ("", "")
    if not is_email(email) or not email.isascii() or not name.isprintable():
        raise AuthorityError(
            Problem("--from", "is no sender", text, "an address, or: Name <address>"), exit_code=WRONG_USE
        )
    return Address(name, addr_spec=email)


def said(answer: bytes | str) -> str:
    """What a server answered, on one line."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return shown(" ".join(text.split()), 300)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refused(place: str, message: str, seen: str) -> AuthorityError:
    return AuthorityError(Problem(place, message, seen), exit_code=WRONG_USE)
