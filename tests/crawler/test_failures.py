import pytest
from scrapy.exceptions import CannotResolveHostError, DownloadTimeoutError, IgnoreRequest, ResponseDataLossError

from archive.models import Reason, UrlState
from crawler.failures import PrivateAddress, RobotsForbidden, RobotsUnavailable, reason_of, state_of


@pytest.mark.parametrize(
    ("error", "reason", "state"),
    [
        (RobotsUnavailable(), Reason.ROBOTS_UNAVAILABLE, UrlState.FAILED),
        (RobotsForbidden(), Reason.ROBOTS, UrlState.REFUSED),
        (PrivateAddress(), Reason.PRIVATE_ADDRESS, UrlState.REFUSED),
        (CannotResolveHostError(), Reason.DNS, UrlState.FAILED),
        (DownloadTimeoutError(), Reason.TIMEOUT, UrlState.FAILED),
        (ResponseDataLossError(), Reason.TRUNCATED, UrlState.FAILED),
        (IgnoreRequest("max redirections reached"), Reason.REDIRECT_LOOP, UrlState.REFUSED),
        (ConnectionError(), Reason.CONNECTION, UrlState.FAILED),
    ],
)
def test_reasons(error: Exception, reason: Reason, state: UrlState) -> None:
    assert reason_of(error) is reason
    assert state_of(reason) is state


def test_too_large_after_decompression_has_a_cause() -> None:
    error = IgnoreRequest("body too large")
    error.__cause__ = ValueError()
    assert reason_of(error) is Reason.TOO_LARGE
