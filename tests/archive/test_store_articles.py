from archive.ingest import ingest
from archive.store import Database, articles
from tests.archive import stories


def test_an_article_that_comes_back_edited_is_no_longer_gone(db: Database) -> None:
    source_id, crawl_id = stories.source_and_crawl(db)
    for hours, body in enumerate((stories.HARBOUR, stories.BUDGET)):
        db.execute("UPDATE articles SET gone_at = '2026-07-04T12:30:00Z', gone_status = 410")
        page = stories.prepared(stories.article(body=body))
        ingest(db, page, source_id=source_id, crawl_id=crawl_id, at=stories.later(hours=hours))
    article_id = articles.find(db, stories.url("2026/harbour"))
    assert article_id is not None
    article = articles.get(db, article_id)
    assert (article.revisions, article.gone_at, article.gone_status) == (2, None, None)
    assert db.execute("SELECT count(*) FROM gone").fetchone() == (0,)
