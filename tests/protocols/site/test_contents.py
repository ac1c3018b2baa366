"""What the pages say: every contest, every figure, what is missing, who signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import unquote

import pytest

from suffrage.count import ElectionCount
from suffrage.count.compare import result_of
from suffrage.election import Contest, Kind, Unit
from suffrage.protocols.published import Identity, Level, Publication
from suffrage.protocols.site import pages
from suffrage.protocols.site.standings import Standing, standing_of
from suffrage.words import percent
from tests.elections import sound
from tests.protocols.site.made import CASES, DOWNLOADS, ROOT, case, counting, land, publication, returns_of, site
from tests.protocols.site.page import Element, read

NAMES = [name for name in CASES if name != "many"]


def grouped(figure: int) -> str:
    return f"{figure:,}".replace(",", " ")


def hrefs(element: Element) -> set[str]:
    return {unquote(a.attributes["href"]) for a in element.every("a")}


def cells(table: Element) -> list[list[str]]:
    return [[cell.text for cell in row.children if isinstance(cell, Element)] for row in table.every("tr")]


# The results


@pytest.mark.parametrize("name", NAMES)
def test_every_contest_has_a_page_a_row_and_a_place_in_every_order(name: str) -> None:
    counted = case(name)
    found = site(counted)
    assert len(found) == 1 + len(counted.contests)
    assert next(iter(found)) == "results.html"
    results = read(found["results.html"])
    contests = set(found) - {"results.html"}
    assert hrefs(results.by_id("contests")) == contests
    assert contests <= hrefs(results.by_id("orders"))
    rows = cells(results.by_id("contests"))[1:]
    assert [row[0] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    for contest, row in zip(counted.contests, rows, strict=True):
        elected = [contest.candidate(one) for one in contest.outcome.elected]
        assert all(" ".join(one.full_name.split())[:20] in " ".join(row) for one in elected)
    # Every contest can be reached from every other by "next".
    for here, then in zip(list(found)[1:], list(found)[2:], strict=False):
        assert f"../{then}" in hrefs(read(found[here]))
        assert f"../{here}" in hrefs(read(found[then]))
        assert "../results.html" in hrefs(read(found[here]))


def test_one_tile_a_contest_with_a_name_in_words() -> None:
    counted = case("two-chambers")
    results = read(site(counted)["results.html"])
    tiles = [tile for tile in results.every("a") if "tile" in tile.classes]
    assert len(tiles) == len(counted.contests) == 24
    wanted = {f"{c.contest.name}: {standing_of(c).words}" for c in counted.contests}
    assert {tile.attributes["aria-label"] for tile in tiles} == wanted
    legends = [one.text for one in results.every("ul") if "legend" in one.classes]
    for words in {standing_of(c).words for c in counted.contests}:
        assert any(words in legend for legend in legends)


@pytest.mark.slow
def test_with_very_many_contests_a_bar_takes_the_place_of_the_tiles() -> None:
    counted = case("many")
    _, text = next(pages(counted, publication(counted)))
    results = read(text)
    assert not [a for a in results.every("a") if "tile" in a.classes]
    assert len(cells(results.by_id("contests"))) == 2_101
    (bar,) = (svg for svg in results.every("svg") if "whole" in svg.classes)
    widths = [float(rect.attributes["width"]) for rect in bar.every("rect")]
    assert sum(widths) == pytest.approx(1000, abs=0.5)
    assert min(widths) >= 3


def test_the_great_figures_are_those_of_the_count() -> None:
    counted = case("second-ballot")
    results = read(site(counted)["results.html"])
    figures = {dt.text: dd.text for dt, dd in zip(results.every("dt"), results.every("dd"), strict=True)}
    standings = [standing_of(contest) for contest in counted.contests]
    assert figures["elected in the first ballot"] == str(standings.count(Standing.FIRST)) != "0"
    assert figures["elected in the second ballot"] == str(standings.count(Standing.SECOND)) != "0"
    assert figures["new elections"] == str(standings.count(Standing.NEW_TURNOUT)) != "0"
    assert figures["undecided"] == "0"
    totals = [contest.first.totals.figures for contest in counted.contests]
    took_part, roll = (sum(total[name] for total in totals) for name in ("took_part", "registered"))
    assert figures["turnout in the first ballot"] == percent(took_part, roll)


def test_the_elected_by_party_add_up() -> None:
    counted = case("second-ballot")
    results = read(site(counted)["results.html"])
    table = next(t for t in results.every("table") if cells(t)[0][0] == "Party")
    rows = cells(table)[1:]
    elected = [c.candidate(one).party for c in counted.contests for one in c.outcome.elected]
    assert {row[0]: int(row[3]) for row in rows} == {p or "no party given": elected.count(p) for p in set(elected)}
    assert all(int(row[1]) + int(row[2]) == int(row[3]) for row in rows)
    assert "The elected by party" not in read(site(case("one"))["results.html"]).text


@pytest.mark.parametrize(
    ("kind", "words"), [(Kind.REPLAY, "others held"), (Kind.DEMO, "Nobody was elected"), (Kind.REHEARSAL, "practised")]
)
def test_the_kind_stands_on_every_page_in_words(kind: Kind, words: str) -> None:
    made = land(1, 1, kind=kind)
    for text in site(counting(made, returns_of(made))).values():
        (banner,) = (p for p in read(text).every("p") if "kind" in p.classes)
        assert banner.text.startswith(kind.upper())
        assert words in banner.text


def test_a_real_election_has_no_banner() -> None:
    assert not any("kind" in p.classes for p in read(site(case("second-ballot"))["results.html"]).every("p"))


# What is missing


def test_what_is_missing_and_what_is_certain_all_the_same() -> None:
    counted = case("partial")
    found = site(counted)
    text = read(found["results.html"]).text
    missing = sum(len(contest.first.missing) for contest in counted.contests)
    incomplete = [contest for contest in counted.contests if contest.first.missing]
    certain = [contest for contest in incomplete if contest.outcome.certain]
    assert f"{missing} of 600 returns are still to come, in {len(incomplete)} contests." in text
    assert f"{len(certain)} contests of these are already certain" in text
    assert "turnout so far" in text
    for contest in counted.contests:
        page = read(found[f"contests/{contest.contest.id}.html"]).text
        for unit in contest.first.missing:
            name = counted.election.units[counted.election.index.unit[unit]].name
            assert f"{name} not reported" in page
        assert ("certain, whatever the returns that are still out bring" in page) == contest.outcome.certain
        assert all(reason in page for reason in contest.outcome.missing)
        if contest.outcome.missing:
            assert f"{contest.contest.name}: {'; '.join(contest.outcome.missing)}." in text


def test_nothing_is_missing() -> None:
    assert "Nothing: every return has been reported, and every contest is decided." in (
        read(site(case("one"))["results.html"]).text
    )


def test_an_election_of_which_nothing_has_come() -> None:
    counted = case("unreported")
    found = dict(pages(counted, Publication(ROOT, {})))
    text = read(found["results.html"]).text
    assert "0 of 4 returns reported" in text
    assert "No protocol has been drawn yet." in text
    assert "No protocol of this ballot has been drawn yet." in read(found["contests/d1.html"]).text


# A contest


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_every_ballot_appears(name: str) -> None:
    counted = case(name)
    found = list(site(counted).values())[1:]
    fields = counted.statute.returns.fields
    for contest, text in zip(counted.contests, found, strict=True):
        page = read(text)
        rows = [row for table in page.every("table") for row in cells(table)]
        for ballot in contest.ballots:
            for figure, number in ballot.totals.figures.items():
                label = fields[figure].label
                assert any(row[0].startswith(label) and row[1] == grouped(number) for row in rows), figure
            for position, candidate in enumerate(ballot.candidates):
                votes, valid = ballot.totals.votes[position], ballot.totals.figures.get("valid", 0)
                mine = [row for row in rows if row[0] == str(candidate.number) and row[2] == grouped(votes)]
                assert any(percent(votes, valid) in row for row in mine)
                if counted.statute.ballot.marking.known == "strike-out" and valid:
                    assert any(grouped(valid - votes) in row for row in mine)
            for step in ballot.outcome.steps:
                said = " ".join(step.text.replace("\N{RIGHT-TO-LEFT OVERRIDE}", "\N{REPLACEMENT CHARACTER}").split())
                assert said in page.text


def test_figures_stand_in_the_order_of_the_law() -> None:
    counted = case("ninety")
    page = read(site(counted)["contests/d1.html"])
    labels = [field.label for field in counted.statute.returns.fields.values()]
    table = next(t for t in page.every("table") if cells(t)[0][0].startswith("Figure"))
    shown = [row[0] for row in cells(table)[1:]]
    assert shown[:-2] == [label for label in labels if label in shown]
    assert shown[-2:] == ["turnout", "returns reported, of those expected"]


def test_the_path_leads_from_the_country_down() -> None:
    page = read(site(case("cyrillic"))["contests/d2.html"])
    (path,) = (one for one in page.every("ol") if "path" in one.classes)
    assert [li.text for li in path.every("li")] == ["Україна 1", "Дніпропетровський округ 2"]


def test_every_decision_says_what_it_does_who_took_it_when_and_why() -> None:
    found = site(case("decisions"))
    rows = {
        row[0]: row
        for path in list(found)[1:]
        for table in read(found[path]).every("table")
        if cells(table)[0][0] == "Decision"
        for row in cells(table)[1:]
    }
    assert rows["dec-1"][1:] == [
        "The figures of precinct 1 stand as reported in spite of errors", "first ballot", "the district committee",
        "14 December 1937", "recounted before witnesses", "110",
    ]  # fmt: skip
    assert rows["dec-2"][1] == "In the return of precinct 2: votes for candidate 1 is 17"
    assert rows["dec-3"][1] == "In the return of precinct 3: invalid ballots is 4"
    assert rows["dec-4"][1] == "The ballots of precinct 2 are void"
    assert rows["dec-5"][1] == "The ballots of the whole contest are void"
    assert rows["dec-6"][1] == "candidate 2 leaves before the second ballot"
    assert rows["dec-7"][1] == "The tie is decided for candidate 1"


def test_findings_are_grouped_and_say_whether_they_are_settled() -> None:
    counted = case("decisions")
    page = read(site(counted)["contests/d1.html"])
    assert "error: valid + invalid = took_part (article 110-112), settled by decision dec-1: precinct 1:" in page.text
    assert "not settled" in read(site(counted)["contests/d7.html"]).text
    made = land(1, 300)
    wrong = [replace(one, figures={**one.figures, "valid": one.figures["valid"] + 1}) for one in returns_of(made)]
    text = read(site(counting(made, wrong))["contests/d1.html"]).text
    assert "300 times" in text
    assert "precinct 200:" in text
    assert "and 100 more, which the downloads hold" in text


# Protocols and downloads


def test_protocols_with_their_hashes_signers_papers_and_what_they_replaced() -> None:
    counted = case("two-chambers")
    shown = publication(counted, replaced=True)
    found = site(counted, replaced=True)
    everything = {path: read(text).text for path, text in found.items()}
    links = {path: {link.removeprefix("../") for link in hrefs(read(text))} for path, text in found.items()}
    for identity, protocol in shown.protocols.items():
        path = f"contests/{identity.contest}.html" if identity.contest else "results.html"
        assert protocol.sha256 in everything[path]
        assert protocol.replaces in everything[path]
        assert not protocol.paper or protocol.paper in links[path]
    for path, text in everything.items():
        assert "Anna Ivanova, chair" in text, path
    results = everything["results.html"]
    total = len(shown.protocols)
    assert f"all {total} {3 * total}" in results


def test_with_many_protocols_signers_are_counted_not_named() -> None:
    made = land(1, 101)
    text = read(site(counting(made, returns_of(made)))["contests/d1.html"]).text
    assert "Beneath it: 101 protocols with 303 signatures." in text
    assert "the bundle names everybody who signed" in text
    assert text.count("Anna Ivanova") == 1


def test_how_to_check_and_what_to_download() -> None:
    results = read(site(case("one"))["results.html"])
    assert f"suffrage verify bundle.zip --root {ROOT}" in results.text
    assert " ".join(ROOT[start : start + 4] for start in range(0, 64, 4)) in results.text
    assert "published elsewhere" in results.text
    for download in DOWNLOADS:
        assert download.path in hrefs(results)
        assert download.sha256 in results.text
        assert download.what in results.text
    assert "1.0 GB" in results.text


def test_areas_have_their_protocols_on_the_results() -> None:
    made = land(2, 1)
    units = tuple(replace(unit, parent="north") if unit.kind == "district" else unit for unit in made.units)
    made = replace(made, units=(*units, Unit("north", "The north", "region", "land")))
    counted = counting(made, returns_of(made))
    shown = publication(counted)
    area = shown.protocols[Identity(Level.AREA, "north", "", "", 1)]
    text = read(site(counted)["results.html"]).text
    assert "Protocol of The north, first ballot" in text
    assert area.sha256 in text


# Words


def test_every_result_of_a_comparison_has_its_standing() -> None:
    for name in ("second-ballot", "decisions", "partial"):
        for contest in case(name).contests:
            words = result_of(contest.outcome).value
            assert standing_of(contest).words.split()[0] == words.split()[0]


def test_a_contest_without_candidates_votes_or_days() -> None:
    made = replace(land(1, 1, 0), polling_day=None, second_ballot_day=None)
    counted = counting(made, [sound({}, "d1p1", "d1", struck=0, invalid=3)])
    found = site(counted)
    assert "No candidate stands." in read(found["contests/d1.html"]).text
    assert "polling day" not in read(found["results.html"]).text


def test_a_contest_in_a_unit_that_reports_itself_lists_no_units() -> None:
    made = replace(land(1, 0), contests=(Contest("d1", "d1", "the district"),))
    counted = counting(made, [sound({"d1c1": 9}, "d1", "d1")])
    text = read(site(counted)["contests/d1.html"]).text
    assert "what every unit reported" not in text
    assert "1 of 1" in text


def test_the_second_ballot_day_is_said_only_where_one_was_held() -> None:
    def said(counted: ElectionCount) -> str:
        return read(site(counted)["results.html"]).text

    assert "second ballot 24 December 1937" in said(case("second-ballot"))
    assert "second ballot 24 December 1937" not in said(case("one"))
    assert case("one").election.second_ballot_day == date(1937, 12, 24)
