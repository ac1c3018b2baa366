"""How the service writes down what went wrong: where it happened, never what was said there."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import TypeAlias

_Raised: TypeAlias = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutWords(logging.Formatter):
    """Shows an exception by its type and the lines of the program that it passed.

    Its message is left out, since it may repeat what was sent: a value that could not be read, a row of a table.
    """

    def formatException(self, ei: _Raised) -> str:  # noqa: N802 (the name is that of the library)
        """The places of an exception and of those that it came from."""
        shown = []
        error = ei[1]
        while error is not None:
            shown.append(f"{type(error).__module__}.{type(error).__qualname__}")
            shown += [f"  {at.filename}:{at.lineno} {at.name}" for at in traceback.extract_tb(error.__traceback__)]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(shown)
