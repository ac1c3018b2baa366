"""Ceremonies and decryptions in which trustees of TypeScript and of Rust take part together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from suffrage import _core
from tests.belenios.made import Made, Trustee, Trustees, election, question, sums
from tests.frontend.programs import Program, Refused
from tests.frontend.tools import build, needs_frontend

pytestmark = needs_frontend

NAMES = ["Анна Ковал", 'É. "Zoé" Dupont', "S. Ito", "R. \\ 😀", "Eve\u007f"]
SEED = "z" * 44


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    with Program(build(tmp_path_factory.mktemp("tools"), "--tools"), "trustee") as program:
        yield program


class Rust:
    """The steps of the core under the names of the program."""

    def __call__(self, step: str, **given: Any) -> Any:
        made = {name: _bytes(value) for name, value in given.items() if name not in ("seed", "index", "name")}
        seed = given.get("seed", "")
        if step == "polynomial":
            return _core.pedersen_polynomial(made["context"], made["certificates"], seed).decode()
        if step == "share":
            return _core.pedersen_share(made["context"], made["certificates"], seed, made["vinput"]).decode()
        assert step == "partial"
        owner, record = _core.partial_decryption(made["election"], made["trustees"], made["tally"], seed, made["share"])
        return {"owner": owner, "record": record.decode()}


def _bytes(value: Any) -> Any:
    if isinstance(value, list):
        return [_bytes(item) for item in value]
    return None if value is None else value.encode()


@dataclass(frozen=True)
class Group:
    """A ceremony that was held: its texts, and what each trustee keeps."""

    context: str
    certificates: list[str]
    polynomials: list[str]
    inputs: list[str]
    keepers: list[Trustee]
    parameters: bytes


def ceremony(typescript: Program, threshold: int, sides: str) -> Group:
    """A whole ceremony of trustees of TypeScript (t) and of the core (r); the core routes and combines."""
    names = NAMES[: len(sides)]
    of: dict[str, Callable[..., Any]] = {"t": typescript, "r": Rust()}
    context = _core.pedersen_context(names, threshold).decode()
    seeds, certificates = [], []
    for index, side in enumerate(sides, 1):
        if side == "t":
            seed = typescript("seed")
            made = typescript("certificate", context=context, index=index, seed=seed)
            assert made["id"] == _core.pedersen_id(made["record"].encode())
            certificates.append(made["record"])
        else:
            seed, record = _core.pedersen_certificate(context.encode(), index)
            certificates.append(record.decode())
        seeds.append(seed)
    _core.pedersen_check(context.encode(), _bytes(certificates))
    ids = typescript("check", context=context, certificates=certificates)
    assert ids == [_core.pedersen_id(text.encode()) for text in certificates]
    common = {"context": context, "certificates": certificates}
    pairs = list(zip(sides, seeds, strict=True))
    polynomials = [of[side]("polynomial", **common, seed=seed) for side, seed in pairs]
    inputs = _core.pedersen_route(context.encode(), _bytes(certificates), _bytes(polynomials))
    shares = [
        of[side]("share", **common, seed=seed, vinput=given.decode())
        for (side, seed), given in zip(pairs, inputs, strict=True)
    ]
    parameters, keys = _core.pedersen_combine(
        context.encode(), _bytes(certificates), _bytes(polynomials), _bytes(shares)
    )
    keepers = [Trustee(seed, key) for seed, key in zip(seeds, keys, strict=True)]
    return Group(context, certificates, polynomials, [text.decode() for text in inputs], keepers, parameters)


def with_server(group: Group, needed: int) -> Trustees:
    """The group behind the mandatory key of a server."""
    seed, public = _core.new_trustee("Server")
    text = _core.trustees_text([public], [group.parameters])
    return Trustees(text, (Trustee(seed), *group.keepers), (1, (needed, len(group.keepers))))


def partial(typescript: Program, made: Made, tally: bytes, owner: int, side: str) -> tuple[int, bytes]:
    keeper = made.trustees.keepers[owner - 1]
    found = (typescript if side == "t" else Rust())(
        "partial",
        election=made.text.decode(),
        trustees=made.trustees.text.decode(),
        tally=tally.decode(),
        seed=keeper.seed,
        share=keeper.share.decode() if keeper.share else None,
    )
    return found["owner"], found["record"].encode()


@pytest.mark.slow
@pytest.mark.parametrize(("threshold", "sides"), [(1, "tt"), (2, "ttr"), (2, "rrt"), (3, "trttr"), (4, "ttttt")])
def test_a_mixed_ceremony_ends_in_the_right_result(
    typescript: Program, tmp_path: Path, threshold: int, sides: str
) -> None:
    group = ceremony(typescript, threshold, sides)
    keys = with_server(group, threshold)
    assert typescript("trustees", text=keys.text.decode()) == {
        "key": _core.trustees_key(keys.text),
        "members": [{"owner": at, "name": name} for at, name in enumerate(["Server", *NAMES[: len(sides)]], 1)],
    }
    asked = (question(3, 0, 3), question(2, 1, 1, blank=True))
    made = election(asked, 4, keys)
    cast = [
        (0, [[1, 0, 1], [0, 0, 1]]),
        (1, [[0, 0, 0], [1, 0, 0]]),
        (2, [[1, 1, 0], [0, 1, 0]]),
        (0, [[0, 0, 1], [0, 0, 1]]),
    ]
    path = made.create(tmp_path / "urn.bel", [made.ballot(voter, choices) for voter, choices in cast])
    tally, _, weight = made.close(path)
    # The last of the group, so that its places are not those that interpolate trivially.
    owners = range(2 + len(sides) - threshold, 2 + len(sides))
    for server_side in "tr":
        partials = [partial(typescript, made, tally, 1, server_side)]
        partials += [partial(typescript, made, tally, owner, sides[owner - 2]) for owner in owners]
        assert [owner for owner, _ in partials] == [1, *owners]
        for owner, record in partials:
            _core.check_partial_decryption(made.text, keys.text, tally, owner, record)
        result = json.loads(_core.tally_result(made.text, keys.text, tally, weight, partials))["result"]
        assert result == sums(asked, cast, made.weights)


def test_a_single_trustee_is_that_of_the_core(typescript: Program) -> None:
    for name in (None, *NAMES):
        made = typescript("single", seed=typescript("seed"), name=name)
        assert made["id"] == _core.trustee_id(made["record"].encode())
        text = _core.trustees_text([made["record"].encode()], [])
        assert typescript("trustees", text=text.decode())["key"] == _core.trustees_key(text)


@pytest.mark.slow
def test_single_trustees_decrypt_together(typescript: Program, tmp_path: Path) -> None:
    seed = typescript("seed")
    theirs = typescript("single", seed=seed, name="Вера")["record"].encode()
    other, public = _core.new_trustee("Other")
    keys = Trustees(_core.trustees_text([theirs, public], []), (Trustee(seed), Trustee(other)), (1, 1))
    made = election(voters=2, keys=keys)
    path = made.create(tmp_path / "urn.bel", [made.ballot(0, [[0, 1, 0]])])
    tally, _, weight = made.close(path)
    partials = [partial(typescript, made, tally, 1, "t"), partial(typescript, made, tally, 2, "r")]
    assert json.loads(_core.tally_result(made.text, keys.text, tally, weight, partials))["result"] == [[0, 1, 0]]


@pytest.mark.slow
def test_an_urn_without_a_ballot_is_decrypted(typescript: Program) -> None:
    made = election(voters=2)
    zero = {"alpha": "0" * 63 + "1", "beta": "0" * 63 + "1"}
    tally = json.dumps([[zero] * 3], separators=(",", ":")).encode()
    partials = [partial(typescript, made, tally, 1, "t")]
    assert json.loads(_core.tally_result(made.text, made.trustees.text, tally, 0, partials))["result"] == [[0, 0, 0]]


# Refusals


@pytest.fixture(scope="module")
def group(typescript: Program) -> Group:
    return ceremony(typescript, 2, "trt")


def refuses(typescript: Program, step: str, part: str, **given: object) -> None:
    """That a step is refused with a reason, which repeats nothing of a seed."""
    with pytest.raises(Refused, match=part) as raised:
        typescript(step, **given)
    assert str(given.get("seed", "?"))[:12] not in str(raised.value)


def test_wrong_certificates_are_named(typescript: Program, group: Group) -> None:
    first, second, third = group.certificates
    other = _core.pedersen_certificate(group.context.encode(), 2)[1].decode()
    mixed = second[: second.index('"encryption"')] + other[other.index('"encryption"') :]
    for certificates, part in [
        ([second, first, third], "certificate 1 .*: the certificate says index 2"),
        ([first, mixed, third], "certificate 2 .*: the signature of the certificate"),
        ([first, second], "2 certificates .expected: 3"),
        ([first, second, third + " "], "certificate 3: .* the end of the record"),
    ]:
        refuses(typescript, "check", part, context=group.context, certificates=certificates)
        refuses(
            typescript, "polynomial", part, context=group.context, certificates=certificates,
            seed=group.keepers[0].seed,
        )  # fmt: skip
    again = typescript("certificate", context=group.context, index=3, seed=group.keepers[0].seed)["record"]
    refuses(
        typescript, "check", "certificates 1 and 3 have the same", context=group.context,
        certificates=[first, second, again],
    )  # fmt: skip
    elsewhere = _core.pedersen_context(NAMES[:3], 1).decode()
    refuses(typescript, "check", "certificate 1", context=elsewhere, certificates=group.certificates)


@pytest.mark.parametrize(
    "context",
    [
        '{"algorithm":"AES-GCM","group":"Ed25519","names":["a","b"],"threshold":2}',
        '{"algorithm":"AES-GCM","group":"Ed25519","names":["a","b"],"threshold":0}',
        '{"algorithm":"ROT13","group":"Ed25519","names":["a","b"],"threshold":1}',
    ],
)
def test_a_context_of_no_group_is_refused(typescript: Program, context: str) -> None:
    with pytest.raises(_core.BeleniosError):
        _core.pedersen_certificate(context.encode(), 1)
    refuses(typescript, "certificate", "expected", context=context, index=1, seed=SEED)


def test_the_seed_of_somebody_else_makes_nothing(typescript: Program, group: Group) -> None:
    given = {"context": group.context, "certificates": group.certificates, "seed": SEED}
    refuses(typescript, "polynomial", "none of the certificates is that of this seed", **given)
    refuses(typescript, "share", "none of the certificates", **given, vinput=group.inputs[0])
    refuses(typescript, "certificate", "a certificate for place 4", context=group.context, index=4, seed=SEED)
    for wrong in ("0OIl" * 11, "short", "z" * 43 + "é"):
        refuses(typescript, "certificate", "this is no trustee's seed", context=group.context, index=1, seed=wrong)


def test_a_wrong_secret_is_named(typescript: Program, group: Group) -> None:
    seed, mine = group.keepers[2].seed, json.loads(group.inputs[2])
    elsewhere = json.loads(group.inputs[0])
    given = {"context": group.context, "certificates": group.certificates, "seed": seed}

    def changed(**parts: Any) -> str:
        return json.dumps({**mine, **parts}, separators=(",", ":"), ensure_ascii=False)

    def swapped(name: str) -> list[Any]:
        first, second, third = mine[name]
        return [second, first, third]

    data = mine["secrets"][1]["data"]
    flipped = {**mine["secrets"][1], "data": data[:-1] + ("1" if data[-1] == "0" else "0")}
    for vinput, part in [
        (changed(secrets=elsewhere["secrets"]), "the secret that trustee 1 sent: .* not encrypted for this"),
        (changed(secrets=[mine["secrets"][0], flipped, mine["secrets"][2]]), "trustee 2 sent: .* or was changed"),
        (changed(secrets=swapped("secrets")), "the secret that trustee 1 sent: the signature .* not its sender's"),
        (changed(secrets=mine["secrets"][:2]), "2 secrets .expected: 3"),
        (changed(coefexps=swapped("coefexps")), "trustee 1 .*: the coefexps are not those"),
        (changed(signatures=swapped("signatures")), "trustee 1 .*: the signature on the certificates"),
        (changed(signatures=mine["signatures"][:2]), "2 signatures"),
    ]:
        with pytest.raises(_core.BeleniosError):
            _core.pedersen_share(group.context.encode(), _bytes(group.certificates), seed, vinput.encode())
        refuses(typescript, "share", part, **given, vinput=vinput)


@pytest.mark.slow
def test_no_byte_of_the_trustees_can_be_another(typescript: Program, group: Group) -> None:
    text = with_server(group, 2).text.decode()
    places = [at for at in range(0, len(text), 29) if text[at] in "0123456789abcdef"]
    assert len(places) > 50
    for at in places:
        changed = text[:at] + ("5" if text[at] == "4" else "4") + text[at + 1 :]
        refuses(typescript, "trustees", ".", text=changed)


@pytest.mark.slow
def test_nothing_is_decrypted_with_what_does_not_belong_together(typescript: Program, group: Group) -> None:
    made = election(voters=2, keys=with_server(group, 2))
    other = election(voters=2)
    element = _core.public_credential(made.sealed.uuid, made.codes[0])
    pair = {"alpha": element, "beta": element}
    tally = json.dumps([[pair] * 3], separators=(",", ":")).encode()
    partial(typescript, made, tally, 2, "t")

    def refused(part: str, of: Made, owner: int = 2, data: bytes = tally) -> None:
        for side in "tr":
            with pytest.raises((Refused, _core.BeleniosError), match=part if side == "t" else ".") as raised:
                partial(typescript, of, data, owner, side)
            assert of.trustees.keepers[owner - 1].seed[:10] not in str(raised.value)

    def keeping(keeper: Trustee) -> Made:
        keepers = (made.trustees.keepers[0], keeper, *made.trustees.keepers[2:])
        return replace(made, trustees=replace(made.trustees, keepers=keepers))

    mine, third = made.trustees.keepers[1], made.trustees.keepers[3]
    refused("do not make the public key", replace(made, text=other.text))
    refused("this seed is that of none of the 4 trustees", keeping(Trustee(SEED, mine.share)))
    refused("trustee 2 .*: the share .* is missing", keeping(Trustee(mine.seed)))
    refused("trustee 2 .* not encrypted for this trustee", keeping(Trustee(mine.seed, third.share)))
    refused("this is no share", keeping(Trustee(mine.seed, mine.seed.encode())))
    refused("the encrypted tally has 2 answers", made, data=json.dumps([[pair] * 2], separators=(",", ":")).encode())
    refused("a group element", made, data=tally.replace(element.encode(), b"ff" * 32, 1))
