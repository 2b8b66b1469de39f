from crawler.discovery import wellknown


def test_places_are_at_the_root_of_the_site() -> None:
    assert "https://news.example/feed/" in wellknown.feeds("https://news.example/en/?x=1")
    assert "https://news.example:8080/sitemap.xml" in wellknown.sitemaps("https://news.example:8080/")


def test_each_place_is_tried_once() -> None:
    for places in (wellknown.feeds("https://news.example/"), wellknown.sitemaps("https://news.example/")):
        assert len(set(places)) == len(places) <= 8


def test_what_is_no_site_has_no_places() -> None:
    assert wellknown.feeds("http://[") == wellknown.sitemaps("http://[") == ()
