"""What everybody may have: the archives of the urns, their heads, and the published site."""

from __future__ import annotations

import logging
import re
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from suffrage.service import built, folders, heads
from suffrage.service.middleware import SITE_POLICY
from suffrage.service.models import Election, Urn
from suffrage.service.urns.hall import hall
from suffrage.service.views.booth import BOOTH

_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


@require_safe
def heads_document(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The published heads of all urns of an election, and the hash of the booth's code."""
    election = get_object_or_404(Election, slug=slug)
    urns = list(election.urns.filter(made=True).select_related("contest").prefetch_related("heads"))
    booth = {BOOTH: built.digest(BOOTH).hex(), "path": built.url(BOOTH)}
    answer = JsonResponse(heads.document(slug, urns, booth))
    answer["Cache-Control"] = "no-store"
    return answer


@require_safe
def archive(request: HttpRequest, slug: str, uuid: str) -> HttpResponseBase:
    """The archive of an urn as it is on the disk, whole or from a byte on; never the half of an event."""
    urn = get_object_or_404(Urn, uuid=uuid, election__slug=slug, made=True)
    path = folders.urns() / urn.file
    keeper = dict(hall.opened()).get(uuid)
    try:
        return _part_of(request, urn, path, keeper.head[2] if keeper else path.stat().st_size)
    except OSError as error:
        logging.getLogger("suffrage.service").error("the archive %s cannot be read: %s", urn.file, error.strerror)
        return HttpResponse("The archive cannot be read at the moment.\n", "text/plain; charset=utf-8", 503)


def _part_of(request: HttpRequest, urn: Urn, path: Path, length: int) -> HttpResponseBase:
    first, last = 0, length - 1
    asked = _RANGE.fullmatch(request.headers.get("Range", ""))
    if asked:
        first = int(asked[1])
        last = min(int(asked[2] or last), last)
        if first > last:
            answer = HttpResponse(status=416)
            answer["Content-Range"] = f"bytes */{length}"
            return answer
    response = FileResponse(
        _Part(path, first, last + 1), content_type="application/x-tar", status=206 if asked else 200
    )
    response["Content-Length"] = str(last + 1 - first)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "no-store"
    response["Content-Disposition"] = f'attachment; filename="{urn.file}"'
    if asked:
        response["Content-Range"] = f"bytes {first}-{last}/{length}"
    return response


class _Part:
    """A part of a file, as blocks."""

    def __init__(self, path: Path, first: int, end: int) -> None:
        self._file = path.open("rb")
        self._file.seek(first)
        self._left = end - first

    def read(self, size: int) -> bytes:
        """The next bytes."""
        data = self._file.read(min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        """Close the file."""
        self._file.close()


@require_safe
def published(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """A file of the published site. It runs apart from the service: its own policy lets nothing out."""
    election = get_object_or_404(Election, slug=slug)
    root = folders.published(election.slug).resolve()
    try:
        path = (root / name).resolve()
        if not path.is_relative_to(root) or not path.is_file():
            raise Http404
        file = path.open("rb")
    except OSError:
        raise Http404 from None
    response = FileResponse(file)
    response["Content-Security-Policy"] = SITE_POLICY
    return response
