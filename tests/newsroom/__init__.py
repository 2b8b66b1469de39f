"""Newspapers for the tests: one that behaves, and one class for each way not to."""
