"""How articles are found: bytes of robots.txt, sitemaps, feeds and pages to candidates. Pure: no network, no Scrapy.

Nothing here raises on what a server sends, and nothing works longer than its input's bound allows.
"""
