"""The tests, in the shape of the two packages."""
