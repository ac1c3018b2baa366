"""Rolls as offices have them: what each line comes to, and what is said about it."""

from __future__ import annotations

import time

import pytest

from suffrage.errors import WRONG_USE, RollError
from suffrage.roll import Fate, FateKind, Reason, Roll, RollElector, read_roll, roll_csv

UNITS = {"north": "North district", "south": "South district"}


def roll(text: str, **options: object) -> Roll:
    return read_roll(text.encode(), **options)  # type: ignore[arg-type]


def kinds(read: Roll) -> list[str]:
    return [fate.kind.value for fate in read.fates]


def reasons(fate: Fate) -> list[Reason]:
    return [remark.reason for remark in fate.remarks]


def test_a_plain_roll() -> None:
    read = roll('id,name,email,address,unit,language\n7,Ann Able,ann@x.org,"1, Low Road\nYork",north,fr\n', units=UNITS)
    assert kinds(read) == ["header", "added", "continued"]
    assert read.electors == (RollElector("7", "Ann Able", "ann@x.org", ("1, Low Road", "York"), "north", "fr"),)
    assert (read.encoding, read.certain, read.delimiter, read.header) == ("utf-8", True, ",", True)
    assert read.fates[2].of_line == 2


@pytest.mark.parametrize(
    ("header", "line"),
    [
        ("Number;Surname;First name;E-mail;District", "4;Petrov;Ivan;p@x.org;North district"),
        ("N°;Nom;Prénoms;Courriel;Circonscription", "4;Petrov;Ivan;p@x.org;north"),
        ("№ п/п;Фамилия;Имя;Эл. почта;Избирательный округ", "4;Petrov;Ivan;p@x.org;NORTH  DISTRICT"),
        ("District;Full name;Phone;Email address;Voter ID", "north;Petrov Ivan;+7 1;p@x.org;4"),
        ("id;nom;unité;courriel", "4;Petrov Ivan;north;p@x.org"),
    ],
)
def test_headings_in_three_languages(header: str, line: str) -> None:
    read = roll(f"{header}\r\n{line}\r\n", units=UNITS)
    assert read.electors == (RollElector("4", "Petrov Ivan", "p@x.org", (), "north", ""),)


def test_given_name_and_patronymic_and_the_parts_of_an_address_are_joined() -> None:
    read = roll("Фамилия;Имя;Отчество;Улица;Индекс;Город\nКим;Юлий;Черсанович;Арбат, 1;119019;Москва\n")
    assert read.electors[0].name == "Ким Юлий Черсанович"
    assert read.electors[0].address == ("Арбат, 1", "119019", "Москва")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_ends_of_lines(delimiter: str, end: str) -> None:
    rows = [["id", "name", "email"], ["1", '"Able, Ann; A|B"', "a@x.org"], ["2", '"O""Neil"', ""]]
    read = roll("".join(delimiter.join(row) + end for row in rows))
    assert read.delimiter == delimiter
    assert [one.name for one in read.electors] == ["Able, Ann; A|B", 'O"Neil']


def test_a_table_without_headings_is_understood_by_what_stands_in_it() -> None:
    read = roll("101;Petrov;Ivan;p@x.org;north\n102;Sidorov;Oleg;s@x.org;south\n103;Orlov;Igor;;south\n", units=UNITS)
    assert not read.header
    assert [column.field for column in read.columns] == ["id", "surname", "names", "email", "unit"]
    assert kinds(read) == ["added"] * 3
    assert read.electors[2] == RollElector("103", "Orlov Igor", "", (), "south", "")


def test_a_single_column_of_names() -> None:
    read = roll("Ann Able\n\nBob Baker\n")
    assert kinds(read) == ["added", "blank", "added"]
    assert [(one.id, one.name) for one in read.electors] == [("0001", "Ann Able"), ("0003", "Bob Baker")]


def test_columns_can_be_assigned_again() -> None:
    text = "who,code,where\nAnn,X1,a@x.org\nBob,X2,b@x.org\n"
    assert not roll(text).header
    read = roll(text, header=True, columns=["name", "id", "email"])
    assert kinds(read) == ["header", "added", "added"]
    assert read.electors[1] == RollElector("X2", "Bob", "b@x.org")
    assert [column.heading for column in read.columns] == ["who", "code", "where"]
    dropped = roll(text, header=True, columns=["name"])
    assert [one.id for one in dropped.electors] == ["0002", "0003"]
    assert {one.email for one in dropped.electors} == {""}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": ["name", "colour"]}, "column 2: is no field of a roll; seen: colour"),
        ({"columns": ["name", "name"]}, "column 2: two columns are the same field"),
        ({"encoding": "klingon"}, "encoding: is not known; seen: klingon"),
        ({"encoding": "rot13"}, "encoding: is not known"),
        ({"encoding": "ascii"}, "line 2: bytes that are no text; seen: c3"),
    ],
)
def test_wrong_arguments(options: dict[str, object], said: str) -> None:
    with pytest.raises(RollError) as error:
        roll("name,email\nZoé,\n", **options)
    assert said in str(error.value)
    assert error.value.exit_code == WRONG_USE


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\0", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1", b"\x1f\x8b\x08"])
def test_what_is_no_table_says_what_it_is(data: bytes) -> None:
    with pytest.raises(RollError, match="save it as CSV"):
        read_roll(data)


def test_the_first_line_of_a_spreadsheet_names_the_delimiter() -> None:
    read = roll("sep=|\nname|email\nAnn, A.; B.|a@x.org\n")
    assert kinds(read) == ["header", "header", "added"]
    assert read.electors[0].name == "Ann, A.; B."


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        ("1,,a@x.org,north", Reason.NO_NAME, "name"),
        ("1,---,a@x.org,north", Reason.NO_NAME, "name"),
        ("1,Ann,a@x.org,east", Reason.UNKNOWN_UNIT, "unit"),
        ("1,Ann,a@x.org,", Reason.NO_UNIT, "unit"),
        ("1,Ann,a@x@org,north", Reason.MALFORMED_EMAIL, "email"),
        ("1,Ann,a b@x.org,north", Reason.MALFORMED_EMAIL, "email"),
        ("1,Ann,a@x,north", Reason.MALFORMED_EMAIL, "email"),
        ('1,Ann,"a@x.org\nBcc: all@x.org",north', Reason.CONTROL_CHARACTERS, "email"),
        ("1,Ann\x07,a@x.org,north", Reason.CONTROL_CHARACTERS, "name"),
        ("1,Ann\u202e,a@x.org,north", Reason.CONTROL_CHARACTERS, "name"),
        (f"1,{'n' * 201},a@x.org,north", Reason.TOO_LONG, "name"),
        (f"{'1' * 65},Ann,a@x.org,north", Reason.TOO_LONG, "id"),
        ("1,Ann,a@x.org,north,more", Reason.TOO_MANY_FIELDS, ""),
        ('1,"Ann,a@x.org,north', Reason.OPEN_QUOTE, ""),
        ('1,"Ann"Able,a@x.org,north', Reason.OPEN_QUOTE, ""),
    ],
)
def test_a_line_is_refused_with_its_reason(line: str, reason: Reason, field: str) -> None:
    read = roll(f"id,name,email,unit\n{line}\n2,Bob,b@x.org,south\n", units=UNITS)
    refused = read.fates[1]
    assert refused.kind is FateKind.REFUSED
    assert [(remark.reason, remark.field) for remark in refused.remarks] == [(reason, field)]
    assert str(refused.remarks[0])
    assert read.fates[-1].kind is FateKind.ADDED, "the next line is none the worse"
    assert [one.name for one in read.electors] == ["Bob"]


def test_every_reason_of_a_line_is_said() -> None:
    read = roll("id,name,email,unit\n1,,nobody,east,x\n", units=UNITS)
    assert reasons(read.fates[1]) == [
        Reason.TOO_MANY_FIELDS, Reason.NO_NAME, Reason.MALFORMED_EMAIL, Reason.UNKNOWN_UNIT,
    ]  # fmt: skip


def test_two_units_of_one_name_need_their_identifiers() -> None:
    units = {"a": "Centre", "b": "Centre"}
    read = roll("name,unit\nAnn,Centre\nBob,b\n", units=units)
    assert reasons(read.fates[1]) == [Reason.AMBIGUOUS_UNIT]
    assert read.electors[0].unit == "b"


def test_where_there_is_one_unit_it_need_not_be_said() -> None:
    assert roll("name\nAnn\n", units={"all": "The society"}).electors[0].unit == "all"
    assert roll("name,unit\nAnn,Somewhere\n").electors[0].unit == "Somewhere"


def test_a_number_given_twice() -> None:
    read = roll("id,name\n1,Ann\n1,Bob\n1,Ann\n")
    assert kinds(read) == ["header", "added", "refused", "duplicate"]
    assert read.fates[2].remarks[0].reason is Reason.ID_TWICE
    assert read.fates[2].remarks[0].line == 2
    assert read.fates[3].of_line == 2


def test_the_same_mail_address_or_name_is_for_a_person_to_decide() -> None:
    read = roll(
        "id,name,email,unit\n1,Ann,a@x.org,north\n2,Bob,A@X.org,north\n3,ann,,north\n4,Ann,,south\n", units=UNITS
    )
    assert kinds(read) == ["header"] + ["added"] * 4
    assert [(r.reason, r.line, r.elector) for r in read.fates[2].remarks] == [(Reason.SAME_EMAIL, 2, "1")]
    assert [(r.reason, r.line) for r in read.fates[3].remarks] == [(Reason.SAME_NAME, 2)]
    assert read.fates[4].remarks == ()
    assert [fate.line for fate in read.to_decide] == [3, 4]


def test_the_same_line_without_a_number_is_the_same_elector_only_with_a_mail_address() -> None:
    read = roll("name,email\nAnn,a@x.org\nAnn,a@x.org\nBob,\nBob,\n")
    assert kinds(read) == ["header", "added", "duplicate", "added", "added"]
    assert reasons(read.fates[4]) == [Reason.SAME_NAME]


def test_a_missing_mail_address_is_remarked_on_where_it_is_needed() -> None:
    assert reasons(roll("name,email\nAnn,\n", email_needed=True).fates[1]) == [Reason.NO_EMAIL]
    assert roll("name,email\nAnn,\n").fates[1].remarks == ()


def test_what_looks_like_a_formula_is_kept_as_text_and_flagged() -> None:
    read = roll('id,name,address\n1,"=HYPERLINK(""x"")","+1 Road"\n')
    assert read.electors[0].name == '=HYPERLINK("x")'
    assert reasons(read.fates[1]) == [Reason.FORMULA, Reason.FORMULA]
    exported = roll_csv(read.electors).decode("utf-8-sig")
    assert '"\'=HYPERLINK(""x"")"' in exported
    assert ",'+1 Road," in exported


def test_a_character_that_was_lost_before_is_remarked_on() -> None:
    assert reasons(roll("name\nM\ufffdller\n").fates[1]) == [Reason.DAMAGED]


def test_languages() -> None:
    read = roll("name,language\nA,Russian\nB,fr-CA\nC,русский\nD,de\nE,\n")
    assert [one.language for one in read.electors] == ["ru", "fr", "ru", "", ""]
    assert reasons(read.fates[4]) == [Reason.UNKNOWN_LANGUAGE]


def test_a_number_missing_among_numbers_is_made_and_said() -> None:
    read = roll("id,name\n0003,Ann\n,Bob\n0004,Cleo\n")
    assert [one.id for one in read.electors] == ["0003", "0003-2", "0004"]
    assert reasons(read.fates[2]) == [Reason.ID_MADE]


def test_an_empty_file_has_no_lines() -> None:
    for text in ("", "\ufeff"):
        read = roll(text)
        assert not read.fates
        assert not read.electors


def test_spaces_and_spellings_are_made_one() -> None:
    read = roll('name,address\n  Ann\u00a0 Able ," 1  Road \n\n York "\nZoe\u0308,x\n')
    assert read.electors[0].name == "Ann Able"
    assert read.electors[0].address == ("1 Road", "York")
    assert read.electors[1].name == "Zoë"


EARLIER = (
    RollElector("1", "Ann", "a@x.org", ("Road 1",), "north", "en"),
    RollElector("2", "Bob", "", (), "south", ""),
    RollElector("0002", "Dan", "d@x.org", (), "south", ""),
)


def test_an_earlier_roll_is_changed_and_nobody_struck_off() -> None:
    read = roll("id,name,email,unit\n1,Ann,a@x.org,north\n2,Bob,b@x.org,south\n9,Eve,,north\n", units=UNITS,
                existing=EARLIER)  # fmt: skip
    assert kinds(read) == ["header", "unchanged", "changed", "added"]
    assert read.fates[2].fields == ("email",)
    assert read.electors[0].address == ("Road 1",), "of what the file does not speak, nothing changes"
    assert read.absent == ("0002",)
    assert read.counts[FateKind.CHANGED] == 1


def test_without_numbers_electors_are_found_by_mail_address_or_name() -> None:
    read = roll("name,email,unit\nEve,e@x.org,south\nDan Senior,D@x.org,south\nBob,b@x.org,south\n", units=UNITS,
                existing=EARLIER)  # fmt: skip
    assert [(fate.kind, fate.elector, fate.fields) for fate in read.fates[1:]] == [
        (FateKind.ADDED, "0002-2", ()),
        (FateKind.CHANGED, "0002", ("name", "email")),
        (FateKind.CHANGED, "2", ("email",)),
    ]
    assert read.absent == ("1",)


def test_a_new_elector_with_the_mail_address_of_an_earlier_one() -> None:
    read = roll("id,name,email,unit\n8,Joe,A@x.org,north\n", units=UNITS, existing=EARLIER)
    assert [(r.reason, r.line, r.elector) for r in read.fates[1].remarks] == [(Reason.SAME_EMAIL, 0, "1")]
    assert str(read.fates[1].remarks[0]).endswith("(elector 1); seen: A@x.org")


def test_the_mail_address_in_another_spelling_is_a_change() -> None:
    read = roll("id,name,email\n1,Ann,A@x.org\n", existing=EARLIER)
    assert read.fates[1].fields == ("email",)
    assert read.fates[1].remarks == ()


@pytest.mark.parametrize("good", ["a@x.org", "a.b+c@sub.x-y.org", "o'neil@x.org", "a@почта.рф"])
def test_mail_addresses(good: str) -> None:
    assert roll(f"name,email\nAnn,{good}\n").electors[0].email == good


@pytest.mark.parametrize(
    "bad",
    ["a", "a@", "@x.org", "a..b@x.org", ".a@x.org", "a@x..org", "a@-x.org", "a@x_y.org", "ю@x.org", "<a@x.org>",
     "a@x.org;b@x.org", "a@x.org b@x.org", f"{'a' * 65}@x.org"],
)  # fmt: skip
def test_what_is_no_mail_address(bad: str) -> None:
    assert reasons(roll(f'name,email\nAnn,"{bad}"\n').fates[1]) == [Reason.MALFORMED_EMAIL]


@pytest.mark.slow
def test_a_hundred_thousand_lines_take_seconds() -> None:
    lines = "".join(f"{n};Фамилия {n};user{n}@example.org;Дом {n};north;ru\n" for n in range(100_000))
    begin = time.process_time()
    read = read_roll(f"id;name;email;address;unit;language\n{lines}".encode("windows-1251"), units=UNITS)
    assert time.process_time() - begin < 20
    assert read.counts[FateKind.ADDED] == 100_000


def test_titles_above_the_headings_are_no_electors() -> None:
    read = roll("Список избирателей;;\n;;\nна 1 декабря;;\n№;ФИО;Почта\n1;Ким Юлий;k@x.org\n")
    assert kinds(read) == ["header", "blank", "header", "header", "added"]
    assert read.electors == (RollElector("1", "Ким Юлий", "k@x.org"),)
    assert [column.heading for column in read.columns] == ["№", "ФИО", "Почта"]


def test_a_dash_is_an_empty_cell() -> None:
    read = roll("name,email,language\nAnn,-,–\n", email_needed=True)
    assert read.electors[0] == RollElector("0002", "Ann")
    assert reasons(read.fates[1]) == [Reason.NO_EMAIL]


def test_headings_may_be_denied() -> None:
    read = roll("Name\nAnn\n", header=False)
    assert [one.name for one in read.electors] == ["Name", "Ann"]
