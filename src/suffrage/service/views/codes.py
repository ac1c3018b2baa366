"""Fixing the roll, and what goes to the credential authority and comes back from it. No code ever comes here."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST

from suffrage.errors import SuffrageError
from suffrage.service.acts import fixing
from suffrage.service.acts.permission import MANAGERS
from suffrage.service.forms.codes import ListsForm
from suffrage.service.models import RESERVE, Credential, Election
from suffrage.service.views.access import Official, page
from suffrage.service.views.proposals import shown_proposals
from suffrage.service.views.shown import desk_page, sent, to

_KINDS = {1: "first ballot", 2: "second ballot", RESERVE: "kept for a new election"}


@page(*MANAGERS)
def codes(request: Official, election: Election) -> HttpResponseBase:
    """What is fixed, what the authority needs, and its lists. Takes the lists where they are sent."""
    form = ListsForm(*sent(request))
    numbers: list[int] = []

    def act() -> None:
        numbers.extend(fixing.take_lists(request.user, election, form.cleaned_data["file"]).values())

    if request.method == "POST" and form.done(act):
        messages.success(request, f"The lists of {len(numbers)} urns are here: each has exactly its electors.")
        return to("codes", election.slug)
    try:
        lacks = [] if election.frozen else fixing.lacks(election)
    except SuffrageError as error:
        lacks = [str(problem) for problem in error.problems]
    urns = election.urns.select_related("contest").annotate(listed=Count("credentials"))
    return desk_page(
        request,
        election,
        "codes.html",
        "codes",
        400 if form.errors else 200,
        form=form,
        lacks=lacks,
        fewest=fixing.FEWEST_ELECTORS,
        urns=[
            {"urn": urn, "kind": _KINDS[urn.ballot], "electors": fixing.contest_electors(urn.contest).count()}
            for urn in urns
        ],
        made=election.urns.filter(made=True).exists(),
        kept=Credential.objects.filter(urn__election=election).exists(),
        proposals=shown_proposals(request.user, election, fixing.FIX.key, fixing.ERASE.key),
    )


@require_POST
@page(*MANAGERS)
def authority(request: Official, election: Election) -> HttpResponseBase:
    """What the authority needs, as a file. Handing the roll over is an act, and stands in the log."""
    answer = HttpResponse(fixing.authority_file(request.user, election), content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="authority-{election.slug}.json"'
    answer["Cache-Control"] = "no-store"
    return answer
