"""The roll: a file is read, every line's fate is shown, and only then it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.views.decorators.http import require_safe

from suffrage.errors import SuffrageError, shown
from suffrage.roll import Fate, FateKind, Roll, roll_csv
from suffrage.roll.encoding import decoded
from suffrage.roll.lines import lines_of
from suffrage.service import uploads
from suffrage.service.acts import roll as acts
from suffrage.service.acts.permission import MANAGERS
from suffrage.service.forms.roll import ColumnsForm, ReadingForm, UploadForm
from suffrage.service.models import Election, Role
from suffrage.service.views.access import Official, page
from suffrage.service.views.shown import desk_page, sent, to
from suffrage.words import plural

_A_PAGE = 100
_OPTIONS = ("encoding", "delimiter", "header", "anew")


@page(*MANAGERS)
def roll(request: Official, election: Election) -> HttpResponseBase:
    """The roll as it is kept, page by page, with a search."""
    asked = request.GET.get("q", "").strip()[:100]
    electors = election.electors.select_related("unit").order_by("number")
    if asked:
        electors = electors.filter(
            Q(name__icontains=asked) | Q(number__icontains=asked) | Q(email__icontains=asked)
        )  # fmt: skip
    found = Paginator(electors, _A_PAGE).get_page(request.GET.get("page"))
    query = urlencode({"q": asked}) + "&" if asked else ""
    number = election.electors.count()
    return desk_page(
        request, election, "roll.html", "roll", found=found, asked=asked, query=query, number=number, form=UploadForm()
    )


@require_safe
@page(*MANAGERS)
def download(request: Official, election: Election) -> HttpResponseBase:
    """The roll as a file that spreadsheets open."""
    answer = HttpResponse(roll_csv(acts.electors_of(election)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="roll-{election.slug}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


@page(Role.SECRETARY)
def upload(request: Official, election: Election) -> HttpResponseBase:
    """Put a file aside, to see what would become of its lines."""
    form = UploadForm(*sent(request))

    def act() -> None:
        data = form.cleaned_data["file"]
        acts.read(election, data, anew=form.cleaned_data["anew"])
        _forget(request, election)
        request.session[_key(election)] = uploads.keep(data)

    if request.method == "POST" and form.done(act):
        query = "?anew=on" if form.cleaned_data["anew"] else ""
        answer = to("roll-preview", election.slug)
        answer["Location"] += query
        return answer
    return desk_page(request, election, "roll_upload.html", "roll", 400 if form.errors else 200, form=form)


def _key(election: Election) -> str:
    return f"roll-{election.pk}"


def _forget(request: Official, election: Election) -> None:
    uploads.drop(request.session.pop(_key(election), ""))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file with its fate: as it stands there, and what was read from it."""

    fate: Fate
    text: str
    name: str


@page(Role.SECRETARY)
def preview(request: Official, election: Election) -> HttpResponseBase:
    """What becomes of every line of a file; keeping it is the second step."""
    data = uploads.found(request.session.get(_key(election), ""))
    if data is None:
        messages.warning(request, "There is no file to look at any more. Choose it again.")
        return to("roll-upload", election.slug)
    options = ReadingForm(request.GET).options()
    anew = options["anew"]
    columns = _columns(request.GET)
    trouble, read = "", None
    try:
        read = acts.read(election, data, columns=columns, **options)
        if request.method == "POST":
            number = acts.keep(request.user, election, read, anew=anew)
            _forget(request, election)
            messages.success(request, f"Kept. {plural(number, 'elector')} on the roll now.")
            return to("roll", election.slug)
    except SuffrageError as error:
        trouble = str(error)
        if read is None and columns is not None:
            read = _read_plainly(election, data, options)
    reading = {name: request.GET[name] for name in _OPTIONS if request.GET.get(name)}
    return desk_page(
        request,
        election,
        "roll_preview.html",
        "roll",
        400 if trouble else 200,
        trouble=trouble,
        reading=ReadingForm(initial={**reading, "anew": anew}),
        kept=reading.items(),
        before=election.electors.count(),
        anew=anew,
        **(_shown(request, read, data) if read is not None else {}),
    )


def _read_plainly(election: Election, data: bytes, options: dict[str, Any]) -> Roll | None:
    """A file by its own headings, where the columns that were chosen make no sense."""
    try:
        return acts.read(election, data, **options)
    except SuffrageError:
        return None


def _columns(asked: QueryDict) -> list[str] | None:
    found: list[str] = []
    while f"c{len(found)}" in asked and len(found) < 500:
        found.append(asked.get(f"c{len(found)}", ""))
    return found or None


def _shown(request: Official, read: Roll, data: bytes) -> dict[str, Any]:
    """What a page shows of a reading: the counts of all fates, and a page of the lines; those refused come first."""
    wanted = request.GET.get("fate", "")
    fates = sorted(read.fates, key=lambda fate: (fate.kind is not FateKind.REFUSED, not fate.remarks, fate.line))
    if wanted == "to-decide":
        fates = [fate for fate in fates if fate.remarks and fate.kind is not FateKind.REFUSED]
    elif wanted:
        fates = [fate for fate in fates if fate.kind == wanted]
    found = Paginator(fates, _A_PAGE).get_page(request.GET.get("page"))
    texts = lines_of(decoded(data, read.encoding).text)
    names = {one.id: one.name for one in read.electors}
    query = {name: value for name, value in request.GET.items() if name not in ("page", "fate")}
    return {
        "read": read,
        "columns": ColumnsForm(read.columns, initial=dict(request.GET.items())),
        "counts": [(kind.value, number) for kind, number in read.counts.items() if number],
        "remarked": sum(bool(fate.remarks) and fate.kind is not FateKind.REFUSED for fate in read.fates),
        "wanted": wanted,
        "found": found,
        "lines": [Line(fate, shown(texts[fate.line - 1], 160), names.get(fate.elector, "")) for fate in found],
        "options": urlencode(query),
        "filters": urlencode(query) + "&" if query else "",
        "query": urlencode({**query, **({"fate": wanted} if wanted else {})}) + "&" if query or wanted else "",
        "refused": read.counts[FateKind.REFUSED],
    }


@page(Role.SECRETARY)
def discard(request: Official, election: Election) -> HttpResponseBase:
    """Forget a file that was put aside."""
    if request.method == "POST":
        _forget(request, election)
        messages.success(request, "The file is forgotten. Nothing was changed.")
    return to("roll", election.slug)
