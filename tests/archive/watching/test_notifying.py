import json
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from archive.errors import ConfigError, NotificationError
from archive.watching import notifying
from archive.watching.notifying import notify

SAID = {"summary": "1 of 2 sources need a look: Zürich", "sources": []}
AT_ONCE = (0.0, 0.0)


class _Hook(BaseHTTPRequestHandler):
    """Answers with one status after the other, and keeps what it was told."""

    answers: list[int]
    heard: list[tuple[str, Any]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.headers["Content-Type"], json.loads(body)))
        self.send_response(self.answers.pop(0))
        self.send_header("Location", self.path)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""


@contextmanager
def _hook(*answers: int) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    class Handler(_Hook):
        pass

    Handler.answers, Handler.heard = list(answers), []
    with HTTPServer(("127.0.0.3", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.3:{server.server_port}/secret", Handler.heard
        server.shutdown()
        thread.join()


def test_a_web_hook_gets_the_summary() -> None:
    with _hook(204) as (url, heard):
        notify(url, SAID)
    assert heard == [("application/json", SAID)]


def test_a_web_hook_that_fails_for_the_moment_is_tried_again() -> None:
    with _hook(503, 429, 200) as (url, heard):
        notify(url, SAID, waits=AT_ONCE)
    assert len(heard) == 3
    with _hook(500, 500, 500) as (url, heard), pytest.raises(NotificationError, match="answered 500"):
        notify(url, SAID, waits=AT_ONCE)
    assert len(heard) == 3


@pytest.mark.parametrize("status", [404, 302])
def test_a_web_hook_that_refuses_is_not_asked_again_nor_followed(status: int) -> None:
    with _hook(status) as (url, heard), pytest.raises(NotificationError) as raised:
        notify(url, SAID, waits=AT_ONCE)
    assert len(heard) == 1
    assert f"answered {status}" in str(raised.value)
    assert "secret" not in str(raised.value)


def test_a_web_hook_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifying, "ANSWER_SECONDS", 0.05)
    with socket.create_server(("127.0.0.3", 0)) as silent, pytest.raises(NotificationError, match="timed out"):
        notify(f"http://127.0.0.3:{silent.getsockname()[1]}/", SAID, waits=(0.0,))


def test_where_nobody_listens_that_is_told() -> None:
    with socket.create_server(("127.0.0.3", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NotificationError, match="refused"):
        notify(f"http://127.0.0.3:{port}/", SAID, waits=AT_ONCE)
    with pytest.raises(NotificationError):
        notify("http://127.0.0.3:99999999/", SAID, waits=AT_ONCE)


def test_a_command_gets_the_summary_on_stdin_without_a_shell(tmp_path: Path) -> None:
    script = tmp_path / "tell me.py"
    script.write_text("import sys\nopen(sys.argv[1], 'wb').write(sys.stdin.buffer.read())\n", encoding="utf-8")
    told = tmp_path / "$(told); touch x"
    notify(f"{sys.executable} '{script}' '{told}'", SAID)
    assert json.loads(told.read_bytes()) == SAID
    assert sorted(tmp_path.iterdir()) == sorted([script, told])


def test_a_command_that_does_not_hear_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotificationError, match="ended with 3: no one is here"):
        notify(f"{sys.executable} -c 'import sys; print(\"no one is here\", file=sys.stderr); sys.exit(3)'", SAID)
    with pytest.raises(NotificationError, match="No such file"):
        notify("/no/such/command", SAID)
    monkeypatch.setattr(notifying, "COMMAND_SECONDS", 0.05)
    with pytest.raises(NotificationError, match="did not end"):
        notify(f"{sys.executable} -c 'import time; time.sleep(60)'", SAID)


@pytest.mark.parametrize("target", ["", "'unclosed"])
def test_what_is_no_command_is_a_wrong_option(target: str) -> None:
    with pytest.raises(ConfigError):
        notify(target, SAID)
