"""A rehearsal: one machine plays every role of a planned election, with other keys and random ballots."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from suffrage import _core
from suffrage.belenios import credentials, plan, trustees
from suffrage.belenios.ballot import Choices, sealed
from suffrage.belenios.decryption import add_partials, decrypt, read_partial
from suffrage.belenios.files import Output, write_new
from suffrage.belenios.question import Question
from suffrage.belenios.refusal import refused
from suffrage.belenios.urn import Urn, cast, checked_audit, close, open_urn, set_up

MOST_ELECTORS = 20
TITLE = "REHEARSAL: "


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What came out: the archive and its audit."""

    urn: Urn
    report: _core.ArchiveReport


def rehearse(planned: plan.Plan, folder: Path, tell: Callable[[str], None]) -> Rehearsal:
    """Play every role in a folder of its own, and hold the result against what was cast.

    The identifier and all keys are other ones than those of the election itself. BeleniosError where the result is not
    the sum of the ballots.
    """
    title = TITLE + planned.template.title
    played = replace(
        planned,
        uuid=_core.new_uuid(),
        template=replace(planned.template, title=title),
        electors=planned.electors[:MOST_ELECTORS],
    )
    write_new(plan.outputs(played, folder))
    administrator = folder / plan.ADMINISTRATOR
    tell("the authority makes the codes")
    made = credentials.new_credentials(played.uuid, played.electors)
    write_new(credentials.outputs(made, folder / plan.AUTHORITY))
    tell("the trustees make their keys")
    keys, decrypting = _keys(played, folder)
    tell("the administrator sets the election up")
    listed = credentials.read_listed(folder / plan.AUTHORITY / credentials.LISTED)
    urn = set_up(played.uuid, played.template, keys, listed, administrator)
    tell("the electors vote")
    expected = _vote(urn, played, made, administrator)
    tell("the trustees decrypt")
    close(urn.path)
    partials = []
    for number, (key, share) in decrypting.items():
        _, output = decrypt(urn, key, share, folder / played.folders[number] / f"partial-{number + 1}.json")
        write_new([output])
        partials.append(read_partial(output.path))
    add_partials(urn, partials)
    tell("anybody audits the archive")
    report = checked_audit(urn.path)
    if report.result != expected:
        raise refused(urn.path, "the result is not the sum of the ballots", report.result, str(expected))
    return Rehearsal(open_urn(urn.path), report)


def _keys(played: plan.Plan, folder: Path) -> tuple[bytes, dict[int, tuple[Path, Path | None]]]:
    """The list of trustees; and the secret files of those who will decrypt, by the trustee's number from 0."""
    administrator = folder / plan.ADMINISTRATOR
    public: list[Path] = []
    secrets: dict[int, tuple[Path, Path | None]] = {}
    for number, name in enumerate(played.alone):
        _, outputs = trustees.single(name, folder / played.folders[number])
        write_new(outputs)
        secrets[number] = (outputs[0].path, None)
        public.append(outputs[1].path)
    if not played.group:
        return trustees.trustees_text(public, []), secrets
    places = [folder / name for name in played.folders[len(played.alone) :]]
    context, certs = administrator / plan.CONTEXT, administrator / "certs.jsons"
    steps = [trustees.certificate(context, index, place) for index, place in enumerate(places, 1)]
    for _, outputs in steps:
        write_new(outputs)
    gathered = trustees.checked_certificates(context, [outputs[1].path for _, outputs in steps])
    write_new([Output(certs, b"".join(line + b"\n" for line in gathered))])
    names, sent, returned = [identity for identity, _ in steps], [], []
    keys = [outputs[0].path for _, outputs in steps]
    for place, key, name in zip(places, keys, names, strict=True):
        sent.append(place / f"{name}.polynomial")
        write_new([Output(sent[-1], trustees.polynomial(context, certs, key)[1] + b"\n")])
    write_new(trustees.route(context, certs, sent, administrator))
    for place, key, name in zip(places, keys, names, strict=True):
        returned.append(place / f"{name}.voutput")
        record = trustees.share(context, certs, key, administrator / f"{name}.vinput")[1]
        write_new([Output(returned[-1], record + b"\n")])
    polynomials = administrator / "polynomials.jsons"
    write_new(trustees.combine(context, certs, polynomials, returned, administrator)[1])
    for index in sorted(random.sample(range(len(places)), played.threshold)):
        secrets[len(played.alone) + index] = (keys[index], administrator / f"{names[index]}.dkey")
    return trustees.trustees_text(public, [administrator / "threshold.json"]), secrets


def _vote(urn: Urn, played: plan.Plan, made: credentials.Credentials, folder: Path) -> list[list[int]]:
    """Cast a random ballot for each elector, another one for the first; gives the sums of those that count."""
    weights = {elector.id: elector.weight or 1 for elector in played.electors}
    last: dict[str, Choices] = {}
    ballots: list[tuple[str, bytes]] = []
    for elector, code in [*made.codes.items(), *list(made.codes.items())[:1]]:
        last[elector] = [_random(question) for question in urn.questions]
        ballots.append((f"ballot {len(ballots) + 1}", sealed(urn, code, last[elector], "code")))
    write_new([Output(folder / "ballots.jsons", b"".join(ballot + b"\n" for _, ballot in ballots))])
    cast(urn, ballots)
    return [
        [sum(weights[elector] * choices[at][place] for elector, choices in last.items()) for place in range(size)]
        for at, size in enumerate(question.choices for question in urn.questions)
    ]


def _random(question: Question) -> list[int]:
    """A choice that the question allows; blank as often as any number of answers."""
    number = random.randint(question.least - question.blank, question.most)
    if number < question.least:
        return question.plain((), blank=True)
    return question.plain(tuple(random.sample(range(len(question.answers)), number)))
