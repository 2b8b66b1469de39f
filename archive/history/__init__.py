"""What became of an article over time: how its revisions differ, and when it was missing."""
