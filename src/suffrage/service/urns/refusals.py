"""Why a ballot is not taken: a code for the booth, a sentence for a person, the status of HTTP."""

from __future__ import annotations

ALREADY_CAST = "already-cast"


class Refusal(Exception):
    """A ballot that is not taken. Nothing of it is in the archive, unless the code is `already-cast`.

    `place` is then the height and the hash of its event.
    """

    def __init__(self, code: str, message: str, status: int, place: tuple[int, str] | None = None) -> None:
        self.code, self.message, self.status, self.place = code, message, status, place
        super().__init__(message)


def already_cast(place: tuple[int, str] | None = None) -> Refusal:
    """A ballot that is in the archive."""
    return Refusal(ALREADY_CAST, "This very ballot is in the urn already. It counts once.", 409, place)


def not_open() -> Refusal:
    """Before the opening."""
    return Refusal("not-open", "The poll is not open yet. The ballot was not cast.", 403)


def closed() -> Refusal:
    """After the closing."""
    return Refusal("closed", "The poll is closed. The ballot was not cast.", 403)


def wrong_ballot(reason: str) -> Refusal:
    """A ballot of which something does not hold."""
    return Refusal("wrong-ballot", f"The ballot does not hold, and was not cast: {reason}.", 400)


def unknown_credential() -> Refusal:
    """A ballot of a code that is not on the list of the urn."""
    return Refusal(
        "unknown-credential", "The code of this ballot is not on the list of this urn. It was not cast.", 403
    )


def unavailable() -> Refusal:
    """The urn cannot write: the disk is full, or the urn was stopped."""
    return Refusal(
        "unavailable", "The urn cannot take ballots at the moment. The ballot was not cast; try again in a minute.", 503
    )
