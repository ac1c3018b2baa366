"""The codes: one an elector for all urns, made once, kept sealed under the authority's passphrase."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import orjson

from suffrage import _core
from suffrage.authority.order import Order
from suffrage.belenios.progress import Progress
from suffrage.errors import AuthorityError, Problem
from suffrage.protocols.sealing import parsed, sealed_text, unsealed

FORMAT, LISTS_FORMAT = "suffrage-codes/1", "suffrage-credentials/1"
_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class Codes:
    """The code of each elector of an election. Secret: shown by nothing but the letter and the mail to that elector."""

    election: str
    codes: Mapping[str, str]

    def __repr__(self) -> str:
        return f"Codes({self.election!r}, of {len(self.codes)} electors)"


def with_codes_for(codes: Codes, electors: Iterable[str], tell: Progress | None = None) -> Codes:
    """Codes with a new one for every elector who has none yet. Nobody's code is changed or dropped."""
    missing = [elector for elector in electors if elector not in codes.codes]
    made = dict(codes.codes)
    for done, elector in enumerate(missing, 1):
        made[elector] = _core.new_code()
        if tell is not None and (done % _AT_ONCE == 0 or done == len(missing)):
            tell(done, len(missing))
    return Codes(codes.election, made)


def codes_text(codes: Codes, passphrase: str) -> bytes:
    """The bytes of a codes file. ProtocolError where the passphrase is too short."""
    secret = orjson.dumps({"election": codes.election, "codes": dict(sorted(codes.codes.items()))})
    return sealed_text({"format": FORMAT}, passphrase, secret).encode()


def read_codes(path: Path, passphrase: str) -> Codes:
    """Open a codes file. AuthorityError where it is none, or the passphrase is not the right one; never with a code."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AuthorityError.unreadable(str(path), error) from None
    file = parsed(data, FORMAT, ())
    if file is None:
        raise AuthorityError(Problem(str(path), "is no codes file", expected=f"a file of the format {FORMAT}"))
    secret = unsealed(file, passphrase)
    if secret is None:
        raise AuthorityError(Problem(str(path), "does not open", expected="the passphrase that it was made with"))
    try:
        held = orjson.loads(secret)
        right = type(held["election"]) is str and all(type(code) is str for code in held["codes"].values())
    except (ValueError, KeyError, TypeError, AttributeError):
        held, right = {}, False
    if not right:
        raise AuthorityError(Problem(str(path), "opens, but holds no codes", expected="a file made by this program"))
    return Codes(held["election"], held["codes"])


def public_lists(order: Order, codes: Codes, tell: Progress | None = None) -> bytes:
    """What goes back to the service: for each urn the public credentials of its electors, sorted by credential.

    The order tells nothing of the electors, and no code can be found from a credential. AuthorityError where an
    elector has no code, or a code is none.
    """
    missing = [elector.id for elector in order.entitled if elector.id not in codes.codes]
    if missing:
        raise AuthorityError(Problem("codes", "electors without a code", ", ".join(missing[:3]), "a code for each"))
    electors: dict[str, list[str]] = {urn.uuid: [] for urn in order.urns}
    for elector in order.entitled:
        for uuid in elector.urns:
            electors[uuid].append(elector.id)
    done, total = 0, sum(map(len, electors.values()))
    lists = {}
    for uuid, own in electors.items():
        listed: list[tuple[str, str]] = []
        for start in range(0, len(own), _AT_ONCE):
            some = own[start : start + _AT_ONCE]
            try:
                public = _core.public_credentials(uuid, [codes.codes[elector] for elector in some])
            except _core.BeleniosError:
                # The core's own words are left out: they may say more of a code than anybody should read.
                raise AuthorityError(
                    Problem("codes", "one of them is no code", expected="a codes file as made")
                ) from None
            listed += zip(public, some, strict=True)
            done += len(some)
            if tell is not None:
                tell(done, total)
        lists[uuid] = [{"credential": credential, "id": elector} for credential, elector in sorted(listed)]
    return orjson.dumps({"format": LISTS_FORMAT, "election": order.election.id, "lists": lists})
