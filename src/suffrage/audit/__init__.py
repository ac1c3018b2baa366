"""All verification: what was published, counted again from the bottom up by somebody who trusts nobody."""

from suffrage.audit.archives import audit_archive
from suffrage.audit.report import Failure, Report
from suffrage.audit.verify import verify_bundle

__all__ = ["Failure", "Report", "audit_archive", "verify_bundle"]
