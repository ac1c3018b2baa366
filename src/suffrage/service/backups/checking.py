"""Whether what was restored holds together: archives, keys, the log, and the heads that somebody outside has seen."""

from __future__ import annotations

from suffrage.belenios.progress import Progress
from suffrage.belenios.urn import checked_audit
from suffrage.errors import Problem, ServiceError
from suffrage.service import folders, heads, log
from suffrage.service.backups.restoring import Found, Restored
from suffrage.service.backups.seen import Seen
from suffrage.service.models import RehearsalUrn, Urn
from suffrage.service.urns import server_key


def check(seen: Seen, restored: Restored, tell: Progress) -> None:
    """Check everything in the data folder, and keep the heads. BeleniosError or ServiceError for what does not hold.

    An urn that is behind a head is no error here: it is restored, named, and not opened by the service.
    """
    if broken := log.broken():
        raise ServiceError(Problem("the log of the backup", "does not hold", broken[0]))
    if seen:
        heads.hand_in(seen)
    known = heads.handed_in()
    urns = list(Urn.objects.filter(made=True).select_related("contest", "election"))
    for urn in urns:
        _audit(urn.uuid, restored, tell)
        if not server_key.path_of(urn.uuid).exists() and not urn.decrypted:
            restored.lacking.append(f"The urn {urn.uuid} has no server key: it can never be opened.")
        if reason := heads.behind(urn, folders.urns() / urn.file):
            restored.behind.append(Problem(f"urn {urn.uuid} ({urn.contest.name})", reason))
        elif not urn.decrypted and urn.uuid not in known:
            restored.unseen.append(urn.uuid)
    for uuid in RehearsalUrn.objects.values_list("uuid", flat=True):
        _audit(uuid, restored, tell)
    for uuid in sorted(set(seen) - {urn.uuid for urn in urns}):
        restored.behind.append(Problem(f"urn {uuid}", "a head of it was published, and it is not in this backup"))


def _audit(uuid: str, restored: Restored, tell: Progress) -> None:
    path = folders.urns() / f"{uuid}.bel"
    report = checked_audit(path, tell)
    if report.uuid != uuid:
        raise ServiceError(Problem(f"the archive {path.name}", "is another urn's", report.uuid, uuid))
    restored.archives.append(Found(uuid, report.phase, report.ballots, report.height))
