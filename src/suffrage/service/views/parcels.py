"""The parcels of the polling stations: having them printed, and taking them. They hold the roll: managers alone."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from suffrage.service.acts import jobs, parcels
from suffrage.service.acts.permission import MANAGERS
from suffrage.service.models import Election
from suffrage.service.paper_places import has_paper
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import desk_page, shown_job, to


@page(*MANAGERS)
@require_safe
def overview(request: Official, election: Election) -> HttpResponseBase:
    """What is printed, how far the printing has come, and every parcel that is there."""
    return desk_page(
        request,
        election,
        "parcels.html",
        "parcels",
        job=shown_job(jobs.last(election, parcels.PRINT)),
        ballot=parcels.ballot_of(election),
        parcels=parcels.made(election),
        together=parcels.together(election) is not None,
        places=len(parcels.places(election)),
        there=has_paper(election),
    )


@require_POST
@page(*MANAGERS)
def printing(request: Official, election: Election) -> HttpResponseBase:
    """Print the parcel of every place that votes on paper."""
    jobs.ask(request.user, election, parcels.PRINT)
    return to("parcels", election.slug)


@page(*MANAGERS)
@require_safe
def together(request: Official, election: Election) -> HttpResponseBase:
    """All parcels in one file."""
    found = parcels.together(election)
    if found is None:
        raise Http404
    return _sent(FileResponse(found.open("rb"), as_attachment=True, filename=f"parcels-{election.slug}.zip"))


@page(*MANAGERS)
@require_safe
def one(request: Official, election: Election, number: int) -> HttpResponseBase:
    """The parcel of one place."""
    found = next((made for made in parcels.made(election) if made.unit.pk == number), None)
    if found is None:
        raise Http404
    return _sent(FileResponse(found.file.open("rb"), filename=f"parcel-{found.unit.slug}.pdf"))


def _sent(answer: FileResponse) -> FileResponse:
    answer["Cache-Control"] = "no-store"
    return answer
