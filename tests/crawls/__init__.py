"""Whole crawls: the real command, in a process of its own, against real servers on loopback."""
