"""Elections made up for the tests, with real keys, codes and archives, all of them through `suffrage._core`.

`election` gives one with its trustees and credentials; its `archive` writes ballots, and, with `decrypt`, all the rest.
The keys are new in every run; they are secret to nobody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from suffrage._core import (
    ArchiveWriter,
    SealedElection,
    audit_archive,
    election_text,
    new_code,
    new_trustee,
    new_uuid,
    partial_decryption,
    pedersen_certificate,
    pedersen_combine,
    pedersen_polynomial,
    pedersen_route,
    pedersen_share,
    public_credentials,
    tally_result,
    trustees_key,
    trustees_text,
)
from tests.belenios.archives import Event, archive
from tests.belenios.model import compact, derived

Question = tuple[list[str], bool, int, int, str]
"""Answers, whether blank is allowed, min, max, text."""
Choices = Sequence[Sequence[int]]
TIMESTAMP = 1_700_000_000
NAMES = [
    *("Ada", "Bob", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hal", "Ida", "Jon"),
    *("Kim", "Lou", "Mia", "Ned", "Ora", "Pam", "Quin", "Ray", "Sue", "Tom"),
]


def question(answers: int = 3, low: int = 1, high: int = 1, blank: bool = False, text: str = "Whom?") -> Question:
    """A question with that many answers."""
    return NAMES[:answers], blank, low, high, text


ONE_OF_THREE = question()


@dataclass(frozen=True)
class Trustee:
    """What a trustee keeps: the seed, and of a threshold group the share."""

    seed: str
    share: bytes | None = None


@dataclass(frozen=True)
class Trustees:
    """Trustees in their order, each with what it keeps; `groups` are the sizes of the items: 1, or (needed, all)."""

    text: bytes
    keepers: tuple[Trustee, ...]
    groups: tuple[int | tuple[int, int], ...]

    def enough(self) -> list[int]:
        """The numbers, from 1, of the first trustees that suffice."""
        found: list[int] = []
        before = 0
        for group in self.groups:
            needed, size = (1, 1) if isinstance(group, int) else group
            found += range(before + 1, before + needed + 1)
            before += size
        return found


def pedersen(needed: int, names: Sequence[str]) -> tuple[bytes, list[Trustee]]:
    """Section "Threshold trustees", all steps: the parameters, and what each trustee keeps."""
    context = compact({"algorithm": "AES-GCM", "group": "Ed25519", "names": list(names), "threshold": needed}).encode()
    made = [pedersen_certificate(context, index) for index in range(1, len(names) + 1)]
    seeds, certificates = [seed for seed, _ in made], [certificate for _, certificate in made]
    polynomials = [pedersen_polynomial(context, certificates, seed) for seed in seeds]
    inputs = pedersen_route(context, certificates, polynomials)
    outputs = [pedersen_share(context, certificates, seed, given) for seed, given in zip(seeds, inputs, strict=True)]
    parameters, shares = pedersen_combine(context, certificates, polynomials, outputs)
    return parameters, [Trustee(seed, share) for seed, share in zip(seeds, shares, strict=True)]


def trustees(*groups: int | tuple[int, int]) -> Trustees:
    """Trustees of which each must decrypt (1) or so many of a group; the single ones come first, as in every file."""
    singles = [new_trustee(f"trustee {number}") for number in range(1, 1 + sum(group == 1 for group in groups))]
    made = [pedersen(*_names(group)) for group in groups if not isinstance(group, int)]
    text = trustees_text([public for _, public in singles], [parameters for parameters, _ in made])
    keepers = [Trustee(seed) for seed, _ in singles] + [keeper for _, kept in made for keeper in kept]
    ordered = sorted(groups, key=lambda group: not isinstance(group, int))
    return Trustees(text, tuple(keepers), tuple(ordered))


def _names(group: int | tuple[int, int]) -> tuple[int, list[str]]:
    needed, size = (1, 1) if isinstance(group, int) else group
    return needed, [f"member {index}" for index in range(1, size + 1)]


def encrypted_tally(path: Path) -> tuple[bytes, int, int]:
    """The encrypted tally of the ballots that an archive holds so far, with their number and weight."""
    report = audit_archive(path)
    assert report.tally is not None, report.failures
    return report.tally, report.voters, report.total_weight


@dataclass(frozen=True)
class Made:
    """An election with everything that its roles keep."""

    text: bytes
    trustees: Trustees
    codes: tuple[str, ...]
    weights: tuple[int, ...]
    weighted: bool = False

    @cached_property
    def sealed(self) -> SealedElection:
        """The election as `_core` has it."""
        return SealedElection(self.text)

    @cached_property
    def public(self) -> list[str]:
        """The public credentials of the codes, in their order."""
        return public_credentials(self.sealed.uuid, list(self.codes))

    @property
    def credentials(self) -> bytes:
        """The list of public credentials, as an archive has it."""
        rows = [
            {"credential": public, **({"weight": weight} if self.weighted else {})}
            for public, weight in zip(self.public, self.weights, strict=True)
        ]
        return compact(rows).encode()

    @property
    def weight_of(self) -> dict[str, int]:
        """The weight of each public credential."""
        return dict(zip(self.public, self.weights, strict=True))

    def exponent(self, voter: int) -> int:
        """The secret exponent of a voter, from 0."""
        return derived("derive_credential", f"{self.sealed.uuid}|{self.codes[voter]}")

    def ballot(self, voter: int, choices: Choices) -> bytes:
        """A sealed ballot of a voter, from 0."""
        return self.sealed.seal(self.codes[voter], [list(row) for row in choices])

    def setup(self) -> Event:
        """The first event of its archive."""
        return Event("Setup", (self.text, self.trustees.text, self.credentials))

    def events(self, ballots: Iterable[bytes]) -> list[Event]:
        """Its events so far."""
        return [self.setup(), *(Event("Ballot", (ballot,)) for ballot in ballots)]

    def open(self, ballots: Iterable[bytes] = ()) -> bytes:
        """Its archive so far, written by `tests/belenios/archives.py`, whatever the ballots are."""
        return archive(self.events(ballots), TIMESTAMP)

    def create(self, path: Path, ballots: Sequence[bytes] = ()) -> Path:
        """Its archive so far, written by `_core`."""
        with ArchiveWriter.create(path, TIMESTAMP, self.text, self.trustees.text, self.credentials) as writer:
            writer.append_ballots(list(ballots))
        return path

    def close(self, path: Path) -> tuple[bytes, int, int]:
        """No more ballots: append the end and the encrypted tally, and give it."""
        tally, count, weight = encrypted_tally(path)
        with ArchiveWriter.open(path) as writer:
            writer.end_ballots()
            writer.append_encrypted_tally(tally, count, weight)
        return tally, count, weight

    def partial(self, tally: bytes, owner: int) -> tuple[int, bytes]:
        """The partial decryption of a trustee, by its number from 1."""
        keeper = self.trustees.keepers[owner - 1]
        return partial_decryption(self.text, self.trustees.text, tally, keeper.seed, keeper.share)

    def decrypt(self, path: Path, owners: Sequence[int] | None = None) -> list[list[int]]:
        """Close an archive, decrypt it by some trustees (the first that suffice), and give the result."""
        tally, _, weight = self.close(path)
        partials = [self.partial(tally, owner) for owner in (self.trustees.enough() if owners is None else owners)]
        text = tally_result(self.text, self.trustees.text, tally, weight, partials)
        with ArchiveWriter.open(path) as writer:
            for owner, partial in partials:
                writer.append_partial_decryption(owner, partial)
            writer.append_result(text)
        found: list[list[int]] = json.loads(text)["result"]
        return found


def election(
    questions: Sequence[Question] = (ONE_OF_THREE,),
    voters: int = 3,
    keys: Trustees | None = None,
    weights: Sequence[int] = (),
    name: str = "A made-up election",
    uuid: str | None = None,
) -> Made:
    """An election of that many voters, with new codes and, if none are given, one new trustee."""
    keys = trustees(1) if keys is None else keys
    key, uuid = trustees_key(keys.text), uuid or new_uuid()
    text = election_text(uuid, name, "For tests", list(questions), "the office", "the authority", key)
    codes = tuple(new_code() for _ in range(voters))
    return Made(text, keys, codes, tuple(weights) or (1,) * voters, bool(weights))


def sums(questions: Sequence[Question], cast: Iterable[tuple[int, Choices]], weights: Sequence[int]) -> list[list[int]]:
    """The result of choices by voter, the last of each counting, times the weight of the voter."""
    last = dict(cast)
    totals = [[0] * (len(answers) + blank) for answers, blank, *_ in questions]
    for voter, choices in last.items():
        for total, row in zip(totals, choices, strict=True):
            total[:] = [before + weights[voter] * value for before, value in zip(total, row, strict=True)]
    return totals


def every_choice(question: Question) -> Iterator[list[int]]:
    """Every vote that a question allows, in the order of binary numbers."""
    answers, blank, low, high, _ = question
    for number in range(2 ** len(answers)):
        row = [number >> at & 1 for at in range(len(answers))]
        if low <= sum(row) <= high:
            yield [0] * blank + row
    if blank:
        yield [1] + [0] * len(answers)
