"""All verification: what was published, counted again from the bottom up by somebody who trusts nobody."""

from suffrage.audit.report import Failure, Report
from suffrage.audit.verify import verify_bundle

__all__ = ["Failure", "Report", "verify_bundle"]
