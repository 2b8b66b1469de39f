"""The network side of newsarchive: a Scrapy project that finds and fetches articles, and hands them to the archive."""
