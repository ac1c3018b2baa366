"""What a server publishes, fetched over HTTP: from one origin only, in pieces, and never more than is asked for."""

from __future__ import annotations

import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import IO, Any
from urllib.parse import urljoin, urlsplit

from suffrage.errors import WRONG_USE, AuditError, Problem, shown

PATIENCE = 30.0
"""Seconds without a byte after which a server does not answer."""

_BLOCK = 1 << 20


class NoAnswer(Exception):
    """A server that gave nothing that could be examined. `status` is that of HTTP, 0 where there was none."""

    def __init__(self, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.status = status

    @property
    def gone(self) -> bool:
        """Whether the server answered that there is no such thing."""
        return self.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)


class _SameOrigin(urllib.request.HTTPRedirectHandler):
    """Follows a redirect within the server, and no other."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        if origin(newurl) != origin(req.full_url):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Body:
    """What a server answered. `start` is the place of its first byte in the whole, 0 unless a part was given."""

    def __init__(self, response: http.client.HTTPResponse, start: int, length: int | None) -> None:
        self._response = response
        self.start = start
        self._left = length

    def blocks(self) -> Iterator[bytes]:
        """The bytes, block by block. NoAnswer where they end too early."""
        while True:
            try:
                block = self._response.read(_BLOCK)
            except (OSError, http.client.HTTPException) as error:
                raise NoAnswer(f"the connection broke: {_reason(error)}") from None
            if self._left is not None:
                self._left -= len(block)
            if not block:
                break
            yield block
        if self._left:
            raise NoAnswer("the connection broke: the answer is shorter than it was to be")


class Server:
    """The server of one election, by the address of its page."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            expected = "https://HOST/e/ELECTION/"
            raise AuditError(Problem("URL", "is no address of an election", url, expected), exit_code=WRONG_USE)
        self.base = url if url.endswith("/") else f"{url}/"
        self._opener = urllib.request.build_opener(_SameOrigin)

    def url(self, path: str) -> str:
        """The address of something that the server names. AuditError where it is on another one."""
        url = urljoin(self.base, path)
        if origin(url) != origin(self.base):
            raise AuditError(Problem(self.base, "names an address on another server", shown(url, 200), "its own"))
        return url

    def get(self, path: str, most: int) -> bytes:
        """All of a small file. NoAnswer where there is none, AuditError where it has more than `most` bytes."""
        data = bytearray()
        with self.open(path) as body:
            for block in body.blocks():
                data += block
                if len(data) > most:
                    raise AuditError(Problem(self.url(path), "is too large", "", f"at most {most:,} bytes"))
        return bytes(data)

    @contextmanager
    def open(self, path: str, start: int = 0) -> Iterator[Body]:
        """A file from some byte on, where the server gives parts; else the whole. NoAnswer where it gives neither."""
        headers = {"User-Agent": "suffrage monitor", "Accept-Encoding": "identity", "Cache-Control": "no-cache"}
        if start:
            headers["Range"] = f"bytes={start}-"
        request = urllib.request.Request(self.url(path), headers=headers)
        try:
            response = self._opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as error:
            error.close()
            raise NoAnswer(f"answers {error.code} {shown(error.reason)}", error.code) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise NoAnswer(f"does not answer: {_reason(error)}") from None
        with response:
            if response.headers.get("Content-Encoding", "identity") != "identity":
                raise NoAnswer("answers in an encoding that was not asked for")
            first = 0
            if response.status == HTTPStatus.PARTIAL_CONTENT:
                first = _first(response.headers.get("Content-Range", ""))
                if first != start:
                    raise NoAnswer("answers with another part than was asked for")
            elif response.status != HTTPStatus.OK:
                raise NoAnswer(f"answers {response.status}", response.status)
            length = response.headers.get("Content-Length", "")
            yield Body(response, first, int(length) if length.isascii() and length.isdigit() else None)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address; the port is -1 where the address is none."""
    parts = urlsplit(url)
    try:
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, -1)
    except ValueError:
        port = -1
    return parts.scheme, parts.hostname or "", port


def _first(content_range: str) -> int:
    """The place of the first byte of a part (`bytes 10-19/20`); -1 where it is not told."""
    unit, _, rest = content_range.partition(" ")
    number, dash, _ = rest.partition("-")
    return int(number) if unit == "bytes" and dash and number.isascii() and number.isdigit() else -1


def _reason(error: Exception) -> str:
    cause = error.reason if isinstance(error, urllib.error.URLError) else error
    text = (cause.strerror if isinstance(cause, OSError) else "") or str(cause) or type(cause).__name__
    return shown(text, 100)
