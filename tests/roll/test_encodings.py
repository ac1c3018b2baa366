"""Files in every usual encoding read as what they were written as."""

from __future__ import annotations

import pytest

from suffrage.roll import FateKind, read_roll

TEXTS = {
    "ru": "номер;фамилия;имя;эл. почта\n1;ИВАНОВ;Иван;a@b.ru\n2;Щербаков;Юрий;\n3;Объедков;Эдуард;\n",
    "ru capitals": "№ п/п;ФИО\n1;ЦОЙ ВИКТОР РОБЕРТОВИЧ\n",
    "ru short": "1;Ким;\n",
    "uk": "прізвище;ім'я\nЄвтушенко;Їжак\n",
    "fr": "nom;prénom;courriel\nMüller;Zoë;z@x.fr\nLefèvre;Hélène;h@x.fr\nŒuvrard;Noël;n@x.fr\n",
    "de": "name\nJörg Weiß\nÄnne Öztürk\n",
    "pl": "name;unit\nŁukasz Żółć;Świętokrzyskie\n",
}
ENCODINGS = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1251", "koi8-r", "koi8-u",
    "iso-8859-5", "cp866", "windows-1252", "iso-8859-1", "iso-8859-15", "windows-1250", "iso-8859-2",
)  # fmt: skip


def _possible() -> list[tuple[str, str]]:
    found = []
    for name, text in TEXTS.items():
        for encoding in ENCODINGS:
            try:
                text.encode(encoding)
            except UnicodeEncodeError:
                continue
            # A handful of western letters is taken for western: other middle European rolls are named by a person.
            if not (name == "de" and encoding in ("windows-1250", "iso-8859-2")):
                found.append((name, encoding))
    return found


@pytest.mark.parametrize(("name", "encoding"), _possible())
def test_a_roll_reads_the_same_in_every_encoding(name: str, encoding: str) -> None:
    text = TEXTS[name]
    plain, read = read_roll(text.encode()), read_roll(text.encode(encoding))
    assert read.electors == plain.electors
    assert read.electors
    assert read.fates == plain.fates
    named = read_roll(text.encode(encoding), encoding=encoding)
    assert named.electors == plain.electors
    assert named.certain


def test_a_guess_says_that_it_is_one() -> None:
    assert not read_roll(TEXTS["ru"].encode("koi8-r")).certain
    assert read_roll(TEXTS["ru"].encode("utf-16")).certain


def test_an_encoding_may_be_overruled() -> None:
    data = "name\nČeněk Dvořák\n".encode("windows-1250")
    assert read_roll(data, encoding="windows-1250").electors[0].name == "Čeněk Dvořák"


def test_what_no_usual_encoding_makes_sense_of_is_still_read() -> None:
    read = read_roll("name\nΓιώργος Παπαδόπουλος\n".encode("iso-8859-7"))
    assert read.counts[FateKind.ADDED] == 1
    assert not read.certain
