"""The authority's folder: which file is which."""

from __future__ import annotations

from pathlib import Path

from suffrage.authority.order import Order, read_order
from suffrage.errors import WRONG_USE, AuthorityError, Problem

AUTHORITY, CODES, PUBLIC, JOURNAL = "authority.json", "codes.json", "public.json", "mail.sqlite"


def open_order(folder: Path, contact: str | None = None) -> Order:
    """What the authority was given, as its folder keeps it; `contact` is whom to ask where the election does not say.

    AuthorityError (exit code 2) where the folder is none of an authority.
    """
    if not (folder / AUTHORITY).exists() or not (folder / CODES).exists():
        raise AuthorityError(
            Problem(str(folder), "is no folder of an authority", expected="one that `suffrage authority codes` made"),
            exit_code=WRONG_USE,
        )
    order = read_order(folder / AUTHORITY)
    if contact and not order.election.contact:
        order = order.model_copy(update={"election": order.election.model_copy(update={"contact": contact})})
    return order
