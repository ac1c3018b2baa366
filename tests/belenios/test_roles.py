"""What each role does with its files, below the command line."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import re
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from suffrage import _core
from suffrage.belenios import credentials, plan
from suffrage.belenios.ballot import named_choices, parsed_choices
from suffrage.belenios.credentials import Elector, numbered
from suffrage.belenios.files import Output, read_secret, write_new
from suffrage.belenios.fingerprint import Fingerprint
from suffrage.belenios.question import Question, Template, read_template, write_template
from suffrage.belenios.rehearsal import rehearse
from suffrage.belenios.trustees import Trustee, Trustees
from suffrage.belenios.urn import open_urn
from suffrage.cli import main
from suffrage.errors import BeleniosError

UUID = "1111111111test"
TWO = (Question("Who?", ("Ada", "Bob", "2:No"), 0, 2), Question("Agreed?", ("Yes", "No"), blank=True))
TEMPLATE = Template(TWO, "Совет", 'A "quoted" text\nof two lines', "Office", "Authority")

texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    answers = draw(st.lists(texts, min_size=1, max_size=6, unique=True))
    most = draw(st.integers(1, len(answers)))
    return Question(draw(texts), tuple(answers), draw(st.integers(0, most)), most, draw(st.booleans()))


@given(st.lists(questions(), min_size=1, max_size=3), texts)
def test_a_template_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, asked: list[Question], title: str
) -> None:
    file = tmp_path_factory.mktemp("template") / "questions.toml"
    template = Template(tuple(asked), title, "", title)
    file.write_text(write_template(template), "utf-8", newline="")
    assert read_template(file) == template


def test_the_template_of_the_official_tool_is_read(tmp_path: Path) -> None:
    file = tmp_path / "questions.json"
    question = {"answers": ["Yes", "No"], "blank": True, "min": 1, "max": 1, "question": "Agreed?"}
    data = {
        "description": "Of the election.", "name": "Name", "questions": [{"type": "Homomorphic", "value": question}],
        "administrator": "Office", "credential_authority": ["External", "Authority"],
    }  # fmt: skip
    file.write_text(json.dumps(data))
    expected = Template(
        (Question("Agreed?", ("Yes", "No"), blank=True),), "Name", "Of the election.", "Office", "Authority"
    )
    assert read_template(file) == expected
    file.write_text(json.dumps({**data, "questions": [{"type": "Lists", "value": question}]}))
    with pytest.raises(BeleniosError, match="question 1, type: not supported; seen: Lists; expected: Homomorphic"):
        read_template(file)
    file.write_text(json.dumps({**data, "credential_authority": ["Server"]}))
    with pytest.raises(BeleniosError, match="credential_authority: not supported"):
        read_template(file)


@pytest.mark.parametrize(
    ("names", "blank", "expected"),
    [
        (["Ada"], True, [[1, 0, 0], [1, 0, 0]]),
        (["Ada", "2:No"], True, [[1, 0, 1], [1, 0, 0]]),
        (["Yes"], False, [[0, 0, 0], [0, 1, 0]]),
        (["2:Yes", "1:Bob"], False, [[0, 1, 0], [0, 1, 0]]),
        ([], True, None),
        (["Ada", "Bob", "2:No", "Yes"], False, None),
        (["3:Ada", "Yes"], False, None),
        (["0:Ada", "Yes"], False, None),
    ],
)
def test_answers_by_their_texts(names: Sequence[str], blank: bool, expected: list[list[int]] | None) -> None:
    if expected is None:
        with pytest.raises(BeleniosError) as raised:
            named_choices(TWO, names, blank=blank)
        assert raised.value.exit_code == 2
    else:
        assert named_choices(TWO, names, blank=blank) == expected


@given(st.data())
def test_a_possible_choice_survives_both_spellings(data: st.DataObject) -> None:
    question = data.draw(questions())
    places = data.draw(st.sets(st.sampled_from(range(len(question.answers))), max_size=question.most))
    plain = question.plain(tuple(places))
    asked = [question]
    if len(places) < question.least:
        with pytest.raises(BeleniosError):
            parsed_choices(asked, json.dumps([plain]))
    else:
        assert parsed_choices(asked, json.dumps([plain])) == [plain]
        assert named_choices(asked, [question.answers[place] for place in places]) == [plain]


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_bytes(b"kept")
    with pytest.raises(BeleniosError, match="never written over"):
        write_new([Output(tmp_path / "a", b"1", secret=True), Output(there, b"2")])
    assert [file.name for file in tmp_path.iterdir()] == ["there"]
    assert there.read_bytes() == b"kept"
    write_new([Output(tmp_path / "secret", b"x", secret=True), Output(tmp_path / "deep" / "open", b"y")])
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o400
    assert "x" not in repr(Output(tmp_path, b"x", secret=True)).replace(str(tmp_path), "")


@pytest.mark.parametrize("content", [b"", b"\n", b"two\nlines\n", b"\xff\n", b"x" * 2000])
def test_no_error_repeats_a_secret(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    with pytest.raises(BeleniosError) as raised:
        read_secret(file)
    assert str(raised.value) == f"{file}: is no secret of this kind; expected: one line, as the command wrote it"


def test_the_files_of_the_authority_are_those_of_the_official_tool(tmp_path: Path) -> None:
    electors = [Elector("bob", 2), Elector("10", 1), Elector("9", 3)]
    made = credentials.new_credentials(UUID, electors)
    private, public = credentials.outputs(made, tmp_path)
    assert (private.secret, public.secret) == (True, False)
    codes = json.loads(private.data)
    assert list(codes) == ["10", "9", "bob"]
    assert all(re.fullmatch("[1-9A-HJ-NP-Za-km-z]{5}-.{6}-.{5}-.{6}", code) for code in codes.values())
    listed = json.loads(public.data)
    assert {entry["id"]: entry["credential"]["weight"] for entry in listed} == {"bob": 2, "10": 1, "9": 3}
    for entry in listed:
        assert entry["credential"]["credential"] == _core.public_credential(UUID, codes[entry["id"]])
    assert public.data == json.dumps(listed, separators=(",", ":")).encode()
    write_new([public])
    text = credentials.read_listed(public.path)
    assert b'"id"' not in text
    assert credentials.fingerprint_of(made) == Fingerprint.of(text)
    assert not any(code in repr(made) for code in codes.values())


@pytest.mark.parametrize(
    ("count", "first", "last"), [(1, "1", "1"), (8, "1", "8"), (9, "10", "18"), (90, "100", "189")]
)
def test_numbers_of_electors_have_one_length(count: int, first: str, last: str) -> None:
    electors = [elector.id for elector in numbered(count)]
    assert (len(electors), electors[0], electors[-1]) == (count, first, last)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda listed: listed[0].pop("id"), "is no list of credentials"),
        (lambda listed: listed.clear(), "is no list of credentials"),
        (lambda listed: listed.append(listed[0]), "credential 3: a credential given twice"),
        (lambda listed: listed[0]["credential"].update(credential="0" * 63), "credential 1: not a credential"),
        (lambda listed: listed[1]["credential"].update(weight=0), "credential 2, weight: not a weight; seen: 0"),
    ],
)
def test_a_list_that_is_none(tmp_path: Path, change: object, said: str) -> None:
    (_, public) = credentials.outputs(credentials.new_credentials(UUID, numbered(2)), tmp_path)
    listed = json.loads(public.data)
    assert callable(change)
    change(listed)
    public.path.write_text(json.dumps(listed))
    with pytest.raises(BeleniosError, match=said):
        credentials.read_listed(public.path)


def test_what_is_lacking_for_a_result() -> None:
    group = [Trustee(number, name, 1, "") for number, name in ((2, "A"), (3, "B"), (4, "C"))]
    trustees = Trustees((Trustee(1, "server", 0, ""), *group), {1: 2})
    assert trustees.lacking([]) == ["trustee 1 (server)", "2 of trustee 2 (A), trustee 3 (B), trustee 4 (C)"]
    assert trustees.lacking([1, 3]) == ["1 of trustee 2 (A), trustee 4 (C)"]
    assert trustees.lacking([2, 4]) == ["trustee 1 (server)"]
    assert trustees.lacking([1, 2, 4]) == []


PLANS = {
    "single": plan.Plan(UUID, TEMPLATE, tuple(numbered(7)), ("one",), numbered=True),
    "group": plan.Plan(UUID, TEMPLATE, (Elector("a", 2), Elector("b", 1)), ("server",), ("A", 'B "B"', "C $HOME"), 2),
    "several": plan.Plan(UUID, TEMPLATE, (Elector("a"), Elector("b")), ("one", "two"), ("A", "B"), 1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PLANS)
def test_a_rehearsal_holds(tmp_path: Path, name: str) -> None:
    done: list[str] = []
    played = rehearse(PLANS[name], tmp_path, done.append)
    assert played.report.failures == []
    assert played.report.result is not None
    assert played.urn.election.uuid != UUID
    assert played.urn.election.name == "REHEARSAL: Совет"
    assert len(done) == 6


def commands(folder: Path) -> list[list[str]]:
    """The commands in a README.txt, with the names of files as a shell expands them."""
    text = (folder / "README.txt").read_text("utf-8")
    return [line.split() for line in text.splitlines() if line.startswith("       suffrage belenios ")]


def follow(folder: Path, command: Sequence[str], *more: str) -> None:
    """Type a command in a folder."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        words = [sorted(glob.glob(word)) if "*" in word else [word] for word in command[1:]]
        assert all(words), command
        main([*(word.strip('"') for some in words for word in some), *more])
    finally:
        os.chdir(here)


def send(folder: Path, pattern: str, *receivers: Path) -> None:
    for file in folder.glob(pattern):
        for receiver in receivers:
            if not (receiver / file.name).exists():
                shutil.copy(file, receiver)


@pytest.mark.slow
def test_the_instructions_lead_from_the_folders_to_the_result(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    planned = plan.Plan(_core.new_uuid(), TEMPLATE, tuple(numbered(3)), ("server",), ("A", "B", "C"), 2, numbered=True)
    write_new(plan.outputs(planned, tmp_path))
    office, authority = tmp_path / "administrator", tmp_path / "authority"
    server, *group = (tmp_path / name for name in planned.folders)
    admin, steps = commands(office), {folder: commands(folder) for folder in (server, *group, authority)}
    archive = f"{planned.uuid}.bel"
    for number, (suffix, back) in enumerate(((".cert", "certs.jsons"), (".polynomial", ""), (".voutput", ""))):
        for folder in group:
            follow(folder, steps[folder][number])
            send(folder, f"*{suffix}", office)
        follow(office, admin[number])
        if back:
            send(office, back, *group)
        for folder in group:
            (key,) = folder.glob("*.key")
            send(office, f"{key.stem}.vinput", folder)
            send(office, f"{key.stem}.dkey", folder)
    follow(server, steps[server][0])
    send(server, "*.pubkey", office)
    (office / "public_keys.jsons").write_bytes(b"".join(file.read_bytes() for file in office.glob("*.pubkey")))
    follow(authority, steps[authority][0])
    send(authority, "public_creds.json", office)
    follow(office, admin[3])
    send(office, archive, authority)
    follow(authority, steps[authority][1])
    codes = json.loads((authority / "private_creds.json").read_bytes())
    for number, code in enumerate(codes.values()):
        sealed = _core.SealedElection(open_urn(office / archive).text).seal(code, [[1, 0, 0], [0, 1, 0]])
        (office / f"ballot{number}.json").write_bytes(sealed + b"\n")
        follow(office, [word.replace("ballot.json", f"ballot{number}.json") for word in admin[4]])
    follow(office, admin[5], "--yes")
    for number, folder in enumerate((server, group[0], group[1]), 1):
        send(office, archive, folder)
        for step in steps[folder][-2:]:
            follow(folder, step)
        send(folder, f"partial-{number}.json", office)
    follow(office, admin[6])
    assert _core.audit_archive(office / archive).result == [[3, 0, 0], [0, 3, 0]]
    out, err = capsys.readouterr()
    assert err == ""
    secrets = [
        *codes.values(),
        *(file.read_text().strip() for file in tmp_path.rglob("*.*key") if "pub" not in file.name),
    ]
    assert len(secrets) >= 7
    assert not any(secret in out for secret in secrets)


def test_a_fingerprint_is_what_the_official_tool_shows() -> None:
    # printf '' | sha256sum | xxd -r -p | base64 | tr -d =
    empty = Fingerprint.of(b"")
    assert str(empty) == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
    assert empty.hex == hashlib.sha256(b"").hexdigest()
