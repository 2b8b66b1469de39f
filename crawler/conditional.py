"""Requests for what may not have changed: the header fields of a conditional GET (RFC 9110, 13.1)."""


def conditions(etag: str | None, last_modified: str | None) -> dict[str, bytes]:
    """The fields that ask for a page only if it is another than the one with these validators. Raises: nothing.

    Both, where there are both: a server that knows entity tags goes by them alone. What could not have come in a
    header is left out, and the page comes as if it had not been asked for before.
    """
    fields = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value.encode("latin-1") for name, value in fields.items() if value and _is_sendable(value)}


def _is_sendable(value: str) -> bool:
    return all("\x20" <= sign <= "\xff" and sign != "\x7f" for sign in value)
