r"""Reads large logs of the common and combined formats with DuckDB, in a third of the time of plain Python.

DuckDB splits the lines, and decides those that are regular: as Apache and nginx write them, ASCII, without
escapes. Of these it finds by which reason they are dropped; the lines of views are handed over for
`regular_line` to read, and all others for `quoted_line`. So both readers give the same, which tests compare.

Almost all logs are UTF-8, which DuckDB reads in half of the time of Latin-1, where every byte is a character.
So it tries UTF-8 first.

What is found goes through a file of DuckDB in a temporary folder, where dropped lines take almost no room.
"""

from __future__ import annotations

import contextlib
import importlib.util
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from prefetchrouter.errors import NavigationError
from prefetchrouter.navigation.log_facts import ASSET_PATHS, ASSETS, PREFETCH_MARKS, ROBOTS, ROBOTS_FILE
from prefetchrouter.navigation.log_files import MOST_LINE, LogFile, Progress, is_gzip
from prefetchrouter.navigation.quoted_lines import PURPOSES
from prefetchrouter.navigation.traffic import Reason

if TYPE_CHECKING:
    import duckdb

MEMORY: Final = "64MB"
"""How much memory DuckDB takes; it writes what has no room to the temporary folder."""
_PROGRESS_SECONDS: Final = 0.2
_ROWS: Final = 4096
_LONGEST, _BUFFER = 2 * 1024 * 1024, 8 * 1024 * 1024
"""In bytes: of a line, and of a part of the file that is held; by default that would be 16 of these lines."""

_LONG, _SHORT = "Jan|Mar|May|Jul|Aug|Oct|Dec", "Apr|Jun|Sep|Nov"
_CLOCK: Final = (
    rf"(?:(?:0[1-9]|1[0-9]|2[0-8])/(?:{_LONG}|{_SHORT}|Feb)|(?:29|30)/(?:{_LONG}|{_SHORT})|31/(?:{_LONG}))"
    r"/(?:19(?:7[1-9]|[89][0-9])|2[0-9]{3}):(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-9]{2} "
    r"[+-](?:[01][0-9]|2[0-3])[0-5][0-9]"
)
"""A time that exists in every year."""
_KINDS: Final[dict[int, Reason]] = {1: "method", 2: "robot", 3: "status", 4: "prefetch", 5: "asset"}
_ODD, _VIEW = 0, 6
_NO_TEXT: Final = "\x01\x02\x03\x01"
"""What separates columns, of which a line has to have one: nothing that any log holds."""


def _text(value: str) -> str:
    """Return a text as SQL has it."""
    return "'" + value.replace("'", "''") + "'"


def _matches(column: str, pattern: str) -> str:
    return f"regexp_matches({column}, {_text(pattern)})"


def _is_all(column: str, pattern: str) -> str:
    return f"regexp_full_match({column}, {_text(pattern)})"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", " ").replace(r"\-", "-") for word in words)


_ORIGIN: Final = "https?://[^/?#; ]+"
"""What Varnish writes in front of a path."""
_HEAD: Final = rf"[!-~]+ [!-~]+ [!-~]+ \[{_CLOCK}\] "
_OWN: Final = rf"^[^?]*\?(?:.*&)?(?:{_any_of(PREFETCH_MARKS)})(?:[=&]|$)"
_ASSET: Final = rf"(?i)^[^?#;]*\.(?:{'|'.join(sorted(ASSETS))})(?:[?#;]|$)"
_IS_REGULAR: Final = " AND ".join(
    [
        "len(parts) IN (3, 7, 9, 11)",
        f"strlen(line) <= {MOST_LINE}",
        r"NOT contains(line, '\')",
        "length(line) = strlen(line)",  # in Latin-1, what is not ASCII takes two bytes here
        _is_all("head", _HEAD),
        _is_all("request", f"[A-Z]+ (?:{_ORIGIN})?/[!-~]* HTTP/[0-9.]+"),
        _is_all("numbers", " [0-9]{3} (?:[0-9]{1,15}|-)(?: .*)?"),
        # What is rare and needs a closer look.
        f"NOT contains(request, {_text(ROBOTS_FILE)})",
        "NOT (contains(request, 'edgio_') AND contains(request, '#'))",
    ]
)
# `contains` is much quicker than a regular expression, and almost all lines have no such parameter.
_MAY_BE_OWN: Final = " OR ".join(f"contains(url, {_text(mark)})" for mark in PREFETCH_MARKS)
_IS_PREFETCH: Final = (
    f"(({_MAY_BE_OWN}) AND {_matches('url', _OWN)}) OR {_matches('purpose', '(?i)prefetch')}"
)
_IS_ASSET: Final = " OR ".join(
    [
        _matches("url", _ASSET),
        *(
            f"contains(url, {_text(path)}) AND {_matches('url', f'^(?:{_ORIGIN})?{re.escape(path)}')}"
            for path in ASSET_PATHS
        ),
    ]
)
_PURPOSE: Final = f"^(?i:{PURPOSES})"
_SQL: Final = rf"""
CREATE TABLE read AS
WITH lines AS (
  SELECT row_number() OVER () AS number, line FROM read_csv(
    $path, columns = {{'line': 'VARCHAR'}}, delim = '{_NO_TEXT}', quote = '', escape = '', comment = '',
    header = false, auto_detect = false, encoding = $encoding, compression = $compression,
    max_line_size = {_LONGEST}, buffer_size = {_BUFFER}
  )
  WHERE line IS NOT NULL
), split AS (
  SELECT number, line, string_split(line, '"') AS parts FROM lines
), named AS (
  SELECT number, line, parts, parts[1] AS head, parts[2] AS request, parts[3] AS numbers,
    coalesce(parts[4], '') AS referer, coalesce(parts[6], '') AS agent,
    CASE WHEN len(parts) > 8 THEN parts[8] END AS first,
    CASE WHEN len(parts) > 10 THEN parts[10] END AS second
  FROM split
), checked AS (
  SELECT *, split_part(request, ' ', 2) AS url, substr(numbers, 2, 3) AS status,
    CASE WHEN {_matches("second", _PURPOSE)} THEN second WHEN {_matches("first", _PURPOSE)} THEN first END
      AS purpose
  FROM named
), decided AS (
  SELECT *, CASE
    WHEN NOT ({_IS_REGULAR}) THEN {_ODD}
    WHEN NOT starts_with(request, 'GET ') THEN 1
    WHEN {_matches("agent", f"(?i:{_any_of(ROBOTS)})")} THEN 2
    WHEN status[1] <> '2' AND status <> '304' THEN 3
    WHEN {_IS_PREFETCH} THEN 4
    WHEN {_IS_ASSET} THEN 5
    ELSE {_VIEW} END AS kind
  FROM checked
)
SELECT number, kind::UTINYINT AS kind,
  CASE kind WHEN {_ODD} THEN line WHEN {_VIEW} THEN line
    WHEN 1 THEN split_part(request, ' ', 1) WHEN 2 THEN agent WHEN 3 THEN status
    WHEN 5 THEN regexp_extract(referer, '^(?i:https?)://([^/?#]*)', 1) END AS text,
  coalesce(purpose IS NOT NULL OR first = '-' OR second = '-', false) AS has_purpose
FROM decided
"""


def can_read_fast(path: Path) -> bool:
    """Return whether DuckDB is installed, and a file has one of the formats that it reads."""
    if importlib.util.find_spec("duckdb") is None:
        return False
    log = LogFile(path)
    try:
        log.find_format()
    except NavigationError:
        return False
    return log.format in ("common", "combined")


class FastFile:
    """A log that DuckDB has read.

    Args:
        path: The file.
        progress: Called while it is read.

    Raises:
        NavigationError: DuckDB cannot read it.
    """

    def __init__(self, path: Path, progress: Progress | None = None) -> None:
        import duckdb

        log = LogFile(path)
        log.find_format()
        self.format = log.format
        self._folder = Path(tempfile.mkdtemp(prefix="prefetchrouter-"))
        try:
            # The link has a name in which DuckDB sees no pattern.
            link = self._folder / "log"
            link.symlink_to(path.absolute())
            settings: dict[str, str | bool | int | float | list[str]] = {
                "threads": 1,
                "memory_limit": MEMORY,
                "temp_directory": str(self._folder / "spill"),
            }
            self._database = duckdb.connect(str(self._folder / "read.db"), config=settings)
            # To compress what is read only once would take longer than to read and write more.
            self._database.execute("SET force_compression = 'uncompressed'")
            self._encoding = "utf-8"
            given = {"path": str(link), "compression": "gzip" if is_gzip(path) else "none"}
            with _shown(self._database, path, progress):
                try:
                    self._database.execute(_SQL, {**given, "encoding": self._encoding})
                except duckdb.InvalidInputException:
                    self._encoding = "latin-1"
                    self._database.execute(_SQL, {**given, "encoding": self._encoding})
        except (duckdb.Error, OSError) as error:
            self._close()
            raise NavigationError.of("log-file", f"DuckDB cannot read it: {error}") from None
        except BaseException:
            self._close()
            raise
        self.lines: int = self._rows("SELECT count(*) FROM read").__next__()[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        database = getattr(self, "_database", None)
        if database is not None:
            database.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        cursor = self._database.execute(sql)
        while rows := cursor.fetchmany(_ROWS):
            yield from rows

    def dropped(self) -> Iterator[tuple[Reason, str | None, int]]:
        """Yield how many regular lines were dropped: the reason, what made it so, how many."""
        sql = "SELECT kind, CASE WHEN kind < 4 THEN text END, count(*) FROM read WHERE kind BETWEEN 1 AND 5"
        for kind, note, count in self._rows(f"{sql} GROUP BY ALL ORDER BY ALL"):
            yield _KINDS[kind], note, count

    def asset_hosts(self) -> Iterator[tuple[str, int]]:
        """Yield how many requests of files have a `Referer` of each host."""
        sql = "SELECT text, count(*) FROM read WHERE kind = 5 AND text <> '' GROUP BY ALL"
        yield from self._rows(sql)

    def odd_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines that are not regular, with their numbers."""
        sql = f"SELECT number, encode(text) FROM read WHERE kind = {_ODD} ORDER BY number"
        for number, line in self._rows(sql):
            if self._encoding == "latin-1":
                line = line.decode().encode("latin-1")
            yield number, line.decode("utf-8", "replace").removesuffix("\r")

    def views(self) -> Iterator[list[tuple[int, str]]]:
        """Yield number and text of the lines of views, some thousand at a time."""
        cursor = self._database.execute(f"SELECT number, text FROM read WHERE kind = {_VIEW}")
        while rows := cursor.fetchmany(_ROWS):
            yield rows

    def has_purpose(self) -> bool:
        """Return whether some line has a field for `Sec-Purpose`."""
        return bool(next(self._rows("SELECT coalesce(bool_or(has_purpose), false) FROM read"))[0])


@contextlib.contextmanager
def _shown(database: duckdb.DuckDBPyConnection, path: Path, progress: Progress | None) -> Iterator[None]:
    """Call the progress from another thread while DuckDB reads."""
    database.execute("SET enable_progress_bar = false")  # it would print one where it finds a terminal
    if progress is None:
        yield
        return
    size = path.stat().st_size
    is_done = threading.Event()

    def show() -> None:
        while not is_done.wait(_PROGRESS_SECONDS):
            share = database.query_progress()
            if share >= 0:
                progress(int(size * min(0.99, share / 100)), size)

    database.execute("SET enable_progress_bar = true")
    database.execute("SET enable_progress_bar_print = false")
    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()
        progress(size, size)
