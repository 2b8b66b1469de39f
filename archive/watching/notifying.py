"""Telling a command or a web hook how the sources are."""

import json
import logging
import shlex
import subprocess
import time
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from archive.errors import ConfigError, NotificationError

logger = logging.getLogger(__name__)

COMMAND_SECONDS = 60.0
"""How long a command may take."""
ANSWER_SECONDS = 10.0
"""How long a web hook may take to answer, each time."""
WAITS = (1.0, 5.0)
"""Seconds before it is tried again."""
SAID_MAX = 200


def notify(target: str, summary: Mapping[str, Any], *, waits: tuple[float, ...] = WAITS) -> None:
    """Gives a summary, as one JSON object, to a command (on its stdin) or to an http(s) address (as a POST).

    A command is run without a shell, and parted as a shell would part it. An address that does not answer or answers
    408, 429 or 5xx is tried again after each of the `waits` (seconds); redirects are not followed.

    Raises: NotificationError where neither took it; ConfigError for a target that is no command.
    """
    body = json.dumps(dict(summary), ensure_ascii=False).encode()
    if urlsplit(target).scheme in ("http", "https"):
        _post(target, body, waits)
    else:
        _run(target, body)


def _run(command: str, body: bytes) -> None:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise ConfigError(f"--notify {command}: {error}") from error
    if not words:
        raise ConfigError("--notify what? Give a command, or an http(s) address")
    try:
        done = subprocess.run(words, input=body, capture_output=True, timeout=COMMAND_SECONDS, check=False)  # noqa: S603 - the operator's own
    except subprocess.TimeoutExpired as error:
        raise NotificationError(f"--notify {command}: did not end within {COMMAND_SECONDS:.0f} s") from error
    except OSError as error:
        raise NotificationError(f"--notify {command}: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip()[-SAID_MAX:]
        raise NotificationError(f"--notify {command}: ended with {done.returncode}{f': {said}' if said else ''}")


def _post(url: str, body: bytes, waits: tuple[float, ...]) -> None:
    for wait_s in (*waits, None):
        passes, trouble = _posted(url, body)
        if trouble is None:
            return
        if wait_s is None or not passes:
            # what is secret in a web hook's address is its path
            raise NotificationError(f"--notify {urlsplit(url).scheme}://{urlsplit(url).hostname}/…: {trouble}")
        logger.info("event=notify_again wait_s=%g trouble=%s", wait_s, trouble)
        time.sleep(wait_s)


def _posted(url: str, body: bytes) -> tuple[bool, str | None]:
    """Whether another try may help, and what went wrong; None where nothing did."""
    request = Request(url, data=body, headers={"Content-Type": "application/json"}, method="POST")  # noqa: S310 - http or https
    opener = OpenerDirector()
    # neither redirects nor errors have a handler: every status comes back as it is
    for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
        opener.add_handler(handler)
    try:
        with opener.open(request, timeout=ANSWER_SECONDS) as response:
            status = int(response.status)
    except (OSError, HTTPException) as error:
        return True, str(error) or type(error).__name__
    except ValueError as error:
        return False, str(error)
    if 200 <= status < 300:
        return False, None
    return status in (408, 429) or status >= 500, f"answered {status}"
