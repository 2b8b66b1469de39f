"""Crawls that run by themselves: what is due, again and again, and who starts that."""
