"""Verification: whether the archive still is what it was when it was stored, and what of it is not."""

from archive.integrity.finding import Finding, Progress, Scope
from archive.integrity.verifying import Verified

__all__ = ["Finding", "Progress", "Scope", "Verified"]
