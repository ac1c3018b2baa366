"""The printed ballot paper of a contest, as a proof: the clean one is made once the committee has signed it off."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from suffrage.paper import PaperPress, Style, form_of
from suffrage.service.acts.permission import EVERYBODY
from suffrage.service.export import as_model, statute_of
from suffrage.service.models import Election
from suffrage.service.views.access import Official, page


@page(*EVERYBODY)
@require_safe
def ballot_paper(request: Official, election: Election, number: int) -> HttpResponse:
    """The paper of the first ballot, or of the second where it is called; PaperError where it cannot be set."""
    contest = get_object_or_404(election.contests, pk=number)
    ballot = 2 if election.urns.filter(contest=contest, ballot=2, made=True).exists() else 1
    urn = election.urns.filter(contest=contest, ballot=2).first() if ballot == 2 else None
    form = form_of(
        as_model(election),
        statute_of(election),
        contest.slug,
        ballot,
        finalists=urn.finalists if urn else None,
        seats=urn.seats if urn else None,
    )
    paper = PaperPress().paper(form, [election.language], Style.chosen("a4"), proof=True)
    answer = HttpResponse(paper.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="ballot-{contest.pk}.pdf"'
    return answer
