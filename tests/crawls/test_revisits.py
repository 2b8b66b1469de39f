"""Articles are looked at again: when, how, and what comes of it."""

from archive.models import CanonicalUrl
from archive.store import open_archive, sources
from tests.crawls.conftest import Archive
from tests.crawls.passing import later
from tests.newsroom.living import Living
from tests.newsroom.wire import Diary, watched


def _articles_asked(diary: Diary) -> list[str]:
    return [visit.path for visit in diary.visits if visit.path.startswith("/news/")]


def _revisions(archive: Archive) -> int:
    return int(archive.sql("SELECT count(*) FROM revisions WHERE number > 1")[0][0])


def test_an_unchanged_site_is_asked_for_no_article_until_its_time(archive: Archive) -> None:
    with watched(Living()) as (base, diary):
        archive.crawl(f"{base}/")
        assert archive.sql("SELECT count(*) FROM articles") == [(12,)]
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _articles_asked(diary) == []
        later(archive, hours=1)
        said = archive.crawl(f"{base}/").out
        asked = [visit for visit in diary.visits if visit.path.startswith("/news/")]
        assert len(asked) == 12
        assert all("if-none-match" in visit.headers for visit in asked)
        assert "12 asked for again" in said
        assert "12 unchanged" in said
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _articles_asked(diary) == []
    assert archive.sql("SELECT count(*) FROM captures WHERE status = 304 AND revisit_of IS NOT NULL")[0][0] >= 12
    assert archive.sql("SELECT count(*) FROM urls WHERE state <> 'fetched'") == [(0,)]
    assert _revisions(archive) == 0


def test_edits_become_revisions_and_furniture_does_not(archive: Archive) -> None:
    site = Living()
    with watched(site) as (base, _):
        archive.crawl(f"{base}/")
        later(archive, hours=1)
        site.furniture = 7
        archive.crawl(f"{base}/")
        assert _revisions(archive) == 0
        for number in (2, 5, 9):
            site.edit(number)
        site.publish(4)
        later(archive, hours=6)
        said = archive.crawl(f"{base}/").out
    assert "4 new, 3 revised, 9 unchanged" in said
    assert _revisions(archive) == 3
    assert archive.sql("SELECT count(*) FROM articles") == [(16,)]


def test_what_a_list_says_was_modified_is_asked_for_sooner(archive: Archive) -> None:
    site = Living()
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        later(archive, hours=1)
        archive.crawl(f"{base}/")
        later(archive, hours=2)
        site.edit(3)
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _articles_asked(diary) == [site.pieces[3].path]
        assert _revisions(archive) == 1
        # what was worth a look is so again; what was not rests for an hour
        site.touch(3)
        for expected in (1, 0):
            diary.visits.clear()
            archive.crawl(f"{base}/")
            assert len(_articles_asked(diary)) == expected
            site.touch(3)
        later(archive, hours=1)
        archive.crawl(f"{base}/")
        assert len(_articles_asked(diary)) == 1
    assert _revisions(archive) == 1


def test_a_sitemap_that_lies_fetches_nothing_again(archive: Archive) -> None:
    site = Living()
    with watched(site) as (base, diary):
        archive.crawl(f"{base}/")
        later(archive, hours=1)
        archive.crawl(f"{base}/")
        later(archive, hours=2)
        site.lies = True
        diary.visits.clear()
        archive.crawl(f"{base}/")
        assert _articles_asked(diary) == []


def test_a_source_has_its_own_ages(archive: Archive) -> None:
    with watched(Living()) as (base, diary):
        db = open_archive(archive.path)
        source = sources.add(db, url=CanonicalUrl(f"{base}/"), settings={"revisit": ["45m"]})
        db.close()
        archive.crawl(source.name)
        diary.visits.clear()
        later(archive, hours=1)
        archive.crawl(source.name)
        assert len(_articles_asked(diary)) == 12
        diary.visits.clear()
        later(archive, hours=1000)
        archive.crawl(source.name)
        assert _articles_asked(diary) == []
        db = open_archive(archive.path)
        sources.update(db, source.id, settings={"revisit": "often"})
        db.close()
        assert "write a list of ages" in archive.crawl(source.name, code=None).err
