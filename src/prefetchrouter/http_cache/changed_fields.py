"""Headers with some of them changed, built cheaply: a hit passes through here."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from prefetchrouter.http.message import HeaderFields

NO_CHANGES: Mapping[str, str] = {}


def changed(
    headers: HeaderFields, changes: Mapping[str, str] = NO_CHANGES, *, without: Collection[str] = ()
) -> HeaderFields:
    """Return headers with some left out and others in place of those of the same name.

    Args:
        headers: The headers.
        changes: The new texts by name, in lower case.
        without: The names to leave out, in lower case; `changes` are set afterwards.

    Example:
        >>> headers = HeaderFields({"Age": "5", "ETag": '"a"', "Server": "x"})
        >>> changed(headers, {"age": "9"}, without={"server"}).fields()
        (('age', '9'), ('etag', '"a"'))
    """
    fields = headers.by_name()
    for name in without:
        fields.pop(name, None)
    for name, text in changes.items():
        fields[name] = (text,)
    return HeaderFields.of(fields)


def members(text: str) -> list[str]:
    """Return the members of a list header without the blanks around them; empty ones count for nothing.

    Source: RFC 9110 section 5.6.1.

    Example:
        >>> members("gzip,, br ,")
        ['gzip', 'br']
    """
    return [member for part in text.split(",") if (member := part.strip(" \t"))]
