"""Every page of the site of a published election, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from suffrage.count import ContestCount, ElectionCount
from suffrage.count.sums import parents
from suffrage.election import Decision, Kind
from suffrage.protocols.published import Level, Publication, PublishedProtocol
from suffrage.protocols.site import evidence, glance
from suffrage.protocols.site.charts import charts
from suffrage.protocols.site.contest import MOST_PLACES, MOST_SIGNERS, ballot_pages, decided, path_of
from suffrage.protocols.site.links import RESULTS, contest_paths
from suffrage.protocols.site.rendering import render
from suffrage.protocols.site.standings import Standing, come_to, label_of, said, standing_of
from suffrage.protocols.site.table import MOST_TILES, orders, rows_of
from suffrage.returns.batch import Positions

KIND_WORDS = {
    Kind.REHEARSAL: "A rehearsal: committees practised with it. No figure on this page decides anything.",
    Kind.DEMO: "A demonstration: it shows how the program works. Nobody was elected by the figures on this page.",
    Kind.REPLAY: "A replay: the figures of an election that others held, counted again. No committee has signed them "
    "here; the only signature is that of whoever counted again.",
}
"""What a kind of election means for a reader; a real one needs no such word."""

MOST_AREAS = 200
"""How many protocols above districts the results page names; the downloads hold them all."""


def pages(counted: ElectionCount, publication: Publication) -> Iterator[tuple[str, str]]:
    """The path of every page, relative to the site, with its HTML: the results first, then the contests in roll order.

    Pages are made one at a time; nothing of a page is kept. ValueError where the count did not keep every return.
    """
    gathered = counted.gathered
    if any(len(sums.node_slots) != len(gathered.slots) for sums in gathered.sums.values()):
        raise ValueError("the pages show every return, and the count did not keep them")
    yield from _Site(counted, publication).pages()


class _Site:
    def __init__(self, counted: ElectionCount, publication: Publication) -> None:
        self.counted = counted
        self.publication = publication
        self.paths = contest_paths(counted.election)
        self.chambers = glance.chambers(counted)
        self.chamber_names = {chamber.id: chamber.name for chamber in self.chambers}
        self.protocols = evidence.by_contest(publication)

    def pages(self) -> Iterator[tuple[str, str]]:
        yield RESULTS, self._results()
        up = parents(self.counted.election, self.counted.gathered.slots)
        decisions: dict[str, list[Decision]] = {}
        for decision in self.counted.election.decisions:
            decisions.setdefault(decision.contest, []).append(decision)
        for position, contest in enumerate(self.counted.contests):
            identifier = contest.contest.id
            yield self.paths[identifier], self._contest(position, contest, up, decisions.get(identifier, ()))

    def _render(self, template: str, here: str, *, script: bool, **context: object) -> str:
        election = self.counted.election
        return render(
            template,
            election.language,
            script=script,
            here=here,
            results=RESULTS,
            election=election,
            statute=self.counted.statute,
            foreign=self.counted.own != self.counted.statute.id,
            kind_words=KIND_WORDS.get(election.kind, ""),
            unit_name=self._unit_name,
            most_places=MOST_PLACES,
            **context,
        )

    def _results(self) -> str:
        counted, contests = self.counted, self.counted.contests
        rows = rows_of(counted, self.paths, self.chamber_names)
        by_id = {row.id: row for row in rows}
        above = self.protocols.get("", ())
        return self._render(
            "results.html.jinja",
            RESULTS,
            script=True,
            units=self._units(),
            figures=glance.great_figures(contests),
            ballots_held=max(len(contest.ballots) for contest in contests),
            seats=sum(contest.contest.seats for contest in contests),
            chambers=[
                {
                    "name": chamber.name,
                    "figures": glance.great_figures(chamber.contests),
                    "standings": glance.standings(chamber.contests),
                    "pieces": glance.pieces(chamber.contests, 1000),
                    "rows": [by_id[contest.contest.id] for contest in chamber.contests],
                    "charts": charts(chamber.contests, counted.statute),
                }
                for chamber in self.chambers
            ],
            most_tiles=MOST_TILES,
            rows=rows,
            orders=orders(rows),
            undecided=[
                (self.paths[c.contest.id], label_of(c), "; ".join(c.outcome.missing))
                for c in contests
                if standing_of(c) is Standing.UNDECIDED
            ],
            to_come=[
                (self.paths[c.contest.id], label_of(c), said(c)) for c in contests if standing_of(c) is Standing.TO_COME
            ],
            incomplete=[(self.paths[c.contest.id], c) for c in glance.incomplete(contests)],
            certain=[(self.paths[c.contest.id], label_of(c), come_to(c)) for c in contests if c.outcome.certain],
            findings=glance.finding_kinds(counted.findings),
            party_columns=glance.party_columns(self.chambers, contests),
            parties=glance.parties(self.chambers, contests),
            levels=evidence.levels(self.publication),
            ballots=evidence.ballots_of(self.publication),
            above=[p for level in (Level.CENTRE, Level.AREA) for p in above if p.identity.level is level][:MOST_AREAS],
            above_more=max(len(above) - MOST_AREAS, 0),
            publication=self.publication,
            bundle=evidence.bundle_of(self.publication),
            chamber_names=self.chamber_names,
        )

    def _units(self) -> tuple[int, int]:
        """How many returns have come, and how many are due, of the ballots that were held."""
        counts = [count for contest in self.counted.contests for count in contest.ballots]
        return sum(count.reported for count in counts), sum(count.expected for count in counts)

    def _contest(self, position: int, contest: ContestCount, up: Positions, decisions: Sequence[Decision]) -> str:
        counted, here = self.counted, self.paths[contest.contest.id]
        protocols: Sequence[PublishedProtocol] = self.protocols.get(contest.contest.id, ())
        ballots = ballot_pages(counted, position, contest, up, protocols)
        labels: Mapping[str, str] = {name: words for ballot in ballots for name, words in ballot.labels.items()}
        others = counted.contests
        return self._render(
            "contest.html.jinja",
            here,
            script=False,
            contest=contest,
            number=position + 1,
            contests=len(others),
            label=label_of(contest),
            chamber=self.chamber_names.get(contest.contest.chamber, ""),
            path=path_of(counted, position),
            standing=standing_of(contest),
            said=said(contest),
            elected=[contest.candidate(one) for one in dict.fromkeys(contest.outcome.elected)],
            ballots=ballots,
            decisions=[(decision, decided(decision, counted, contest, labels)) for decision in decisions],
            most_signers=MOST_SIGNERS,
            before=self._neighbour(position - 1),
            after=self._neighbour(position + 1),
        )

    def _unit_name(self, identifier: str) -> str:
        unit = self.counted.election.units[self.counted.election.index.unit[identifier]]
        return unit.name or unit.id

    def _neighbour(self, position: int) -> tuple[str, str] | None:
        others = self.counted.contests
        if not 0 <= position < len(others):
            return None
        return self.paths[others[position].contest.id], label_of(others[position])
