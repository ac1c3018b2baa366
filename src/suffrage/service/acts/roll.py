"""The roll: kept whole from a file as long as it is a draft. Once it is fixed nobody is struck off by any path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from suffrage.roll import Roll, RollElector, read_roll
from suffrage.service.acts.permission import refused, require, require_draft
from suffrage.service.log import record
from suffrage.service.models import Election, Elector, Role
from suffrage.service.words import LANGUAGES

_BATCH = 2000


def electors_of(election: Election) -> Iterator[RollElector]:
    """The roll as it is kept."""
    for elector in election.electors.select_related("unit").order_by("number").iterator(chunk_size=_BATCH):
        yield RollElector(
            id=elector.number,
            name=elector.name,
            email=elector.email,
            address=tuple(elector.address.splitlines()),
            unit=elector.unit.slug,
            language=elector.language,
        )


def read(
    election: Election,
    data: bytes,
    *,
    encoding: str = "",
    delimiter: str = "",
    header: bool | None = None,
    columns: Sequence[str] | None = None,
    anew: bool = False,
) -> Roll:
    """Read a file against the roll as it is (or against none, where it is to be replaced); nothing is kept yet."""
    # An elector votes where no other place lies below: in a district, or in the society where it has none.
    units = {unit.slug: unit.name for unit in election.units.filter(children=None)}
    if not units:
        raise refused("roll", "has no place to put electors in", "", "the places of the election first")
    return read_roll(
        data,
        units=units,
        existing=() if anew else electors_of(election),
        languages=LANGUAGES,
        email_needed=election.second_factor,
        # Who votes on paper comes to no door.
        email_spared=list(election.units.filter(paper=True).values_list("slug", flat=True)),
        encoding=encoding,
        delimiter=delimiter,
        header=header,
        columns=columns,
    )


def keep(by: AbstractBaseUser, election: Election, roll: Roll, *, anew: bool = False) -> int:
    """Keep what was read: added and changed electors, or the whole draft anew. Gives how many are on the roll then."""
    require(by, election, Role.SECRETARY)
    require_draft(election)
    if not roll.electors:
        raise refused("roll", "takes nobody from this file", "", "at least one line that can be taken")
    with transaction.atomic():
        locked = Election.objects.select_for_update().get(pk=election.pk)
        require_draft(locked)
        if anew:
            # All at once: nothing hangs on a draft, and a roll is not read into memory to be deleted.
            rows = Elector.objects.filter(election=election)
            rows._raw_delete(rows.db)
        _store(election, roll.electors)
        number = election.electors.count()
        counts = {kind.value: count for kind, count in roll.counts.items() if count}
        record(by, "keep the roll anew" if anew else "keep the roll", election, lines=counts, electors=number)
    return number


def _store(election: Election, electors: Iterable[RollElector]) -> None:
    units = {unit.slug: unit for unit in election.units.all()}
    kept = [
        Elector(
            election=election,
            number=one.id,
            name=one.name,
            email=one.email,
            address="\n".join(one.address),
            language=one.language,
            unit=units[one.unit],
        )
        for one in electors
    ]
    for first in range(0, len(kept), _BATCH):
        Elector.objects.bulk_create(
            kept[first : first + _BATCH],
            update_conflicts=True,
            unique_fields=["election", "number"],
            update_fields=["name", "email", "address", "language", "unit"],
        )
