"""pywb serves what we have captured, byte for byte; it lives in an environment of its own (`make replay`)."""

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.capturing import warc_directory
from crawler.demo.newspaper import Newspaper
from tests.crawls.conftest import Archive
from tests.newsroom.wire import watched

WAYBACK = Path(__file__).parent.parent.parent / ".venv-replay" / "bin" / "wayback"

pytestmark = pytest.mark.skipif(not WAYBACK.exists(), reason="needs pywb: `make replay`")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


@contextmanager
def replayed(directory: Path, files: list[Path]) -> Iterator[str]:
    """A pywb over the files; the address before which a captured one is put."""
    manager = WAYBACK.with_name("wb-manager")
    for command in (["init", "news"], ["add", "news", *map(str, files)]):
        subprocess.run([manager, *command], cwd=directory, check=True, capture_output=True)
    port = free_port()
    with (directory / "log").open("w") as log:
        server = subprocess.Popen(
            [WAYBACK, "-b", "127.0.0.1", "-p", str(port)], cwd=directory, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            while server.poll() is None:
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60).close()
                    break
                except urllib.error.URLError:
                    time.sleep(0.1)
            # `id_` asks for the page as it was, without pywb's banner and rewritten links
            yield f"http://127.0.0.1:{port}/news/id_/"
        finally:
            server.terminate()
            server.wait()


def test_a_page_comes_back_as_it_was_captured(archive: Archive, tmp_path: Path) -> None:
    newspaper = Newspaper()
    with watched(newspaper) as (base, _):
        archive.crawl(f"{base}/")
        urls = [base + record.path for record in newspaper.articles()[::14]]
        live = {url: urllib.request.urlopen(url).read() for url in urls}
    directory = tmp_path / "replay"
    directory.mkdir()
    with replayed(directory, sorted(warc_directory(archive.path).iterdir())) as wayback:
        for url, page in live.items():
            with urllib.request.urlopen(wayback + url) as answer:
                assert answer.read() == page
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{wayback}{base}/never-crawled")
    assert len(live) >= 3
    selection = tmp_path / "selection.warc.gz"
    archive.run("export", "--format", "warc", "-o", str(selection))
    directory = tmp_path / "selected"
    directory.mkdir()
    with replayed(directory, [selection]) as wayback:
        for url, page in live.items():
            with urllib.request.urlopen(wayback + url) as answer:
                assert answer.read() == page
