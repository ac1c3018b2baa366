"""Where the mail of the service goes: an SMTP server, or a folder of files."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

from suffrage.errors import WRONG_USE, Problem, SuffrageError

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


def mail_settings(address: str) -> dict[str, Any]:
    """Django's settings of mail. Without an address nothing is sent: it waits in the outbox.

    `smtp` speaks STARTTLS, `smtps` TLS, `smtp+plain` neither (a server on the same machine). SuffrageError (exit code
    2), which never repeats the address, where it is none.
    """
    if not address:
        return {}
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme == "file" and parts.path:
        backend = "django.core.mail.backends.filebased.EmailBackend"
        return {"EMAIL_BACKEND": backend, "EMAIL_FILE_PATH": unquote(parts.path)}
    if parts.scheme not in _PORTS or not parts.hostname:
        expected = "smtp://USER:PASSWORD@HOST:PORT, smtps://..., or file:///FOLDER"
        raise SuffrageError(
            Problem("SUFFRAGE_MAIL", "is no address of a mail server", "", expected), exit_code=WRONG_USE
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": port or _PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 30,
    }
