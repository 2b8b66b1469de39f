"""The lasting side of newsarchive: extraction, identity, store, search. It knows nothing of Scrapy."""
