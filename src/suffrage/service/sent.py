"""What scripts of our pages send: JSON, read strictly."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest


def document(request: HttpRequest) -> dict[str, Any]:
    """The object in the body of a request. ValueError where there is none.

    Text is text: half of a surrogate pair or a NUL is refused here, since no database or hash takes it.
    """
    if b"\\u0000" in request.body:
        raise ValueError("a NUL")
    found = orjson.loads(request.body)
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found
