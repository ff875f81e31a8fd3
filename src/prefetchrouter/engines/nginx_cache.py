"""The files of nginx's cache: which stored response each has, and their removal.

nginx keeps each stored response in a file: its own numbers, then the cache key, then the head and the body
as they came. If a file is gone, nginx fetches the response anew. So a purge needs no index, and costs nothing
until it runs.
"""

from __future__ import annotations

import os
import re
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from prefetchrouter.engines.purge_request import PurgeRequest
from prefetchrouter.errors import LiveEdgeError
from prefetchrouter.targets.purge_tag import tag_text

_PATH: Final = re.compile(r"^\s*proxy_cache_path\s+(\S+)\s[^;]*keys_zone=prefetchrouter:", re.M)
_NUMBERS: Final = struct.Struct("=Q40xLHHHB")  # ngx_http_file_cache_header_t up to the length of the ETag
_VERSION: Final = 5
_KEY: Final = b"\nKEY: "
_TAGS: Final = re.compile(rb"^x-pr-tags:[ \t]*([^\r\n]*)", re.I | re.M)
_OF_FAILURES: Final = b"failure|"
_MARK: Final = Path("temp/purged")
"""Where the time of the last purge is: nginx's cache loader leaves a folder ``temp`` alone."""


class StoredFile(NamedTuple):
    """What a file of the cache has.

    Args:
        key: The cache key: host, path and query, then ``|`` before each further part.
        tags: The purge tags, as headers have them.
    """

    key: bytes
    tags: frozenset[bytes]


def cache_folder(configuration: Path) -> Path:
    """Return the folder of the cache that a configuration names.

    Raises:
        LiveEdgeError: It names none, or it cannot be read.
    """
    try:
        found = _PATH.search(configuration.read_text("utf-8", "replace"))
    except OSError as error:
        raise LiveEdgeError.of("live-edge", f"{configuration}: {error.strerror}") from None
    if found is None:
        raise LiveEdgeError.of(
            "live-edge", f"{configuration} has no proxy_cache_path with keys_zone=prefetchrouter",
            hint="--folder is the folder of the nginx.conf that was built, or of yours",
        )  # fmt: skip
    return configuration.parent / found[1].strip("\"'")


def stored_file(head: bytes) -> StoredFile | None:
    """Return what a file of the cache has, or None if it is another file.

    Args:
        head: The beginning of the file, with the whole head of the response.
    """
    if len(head) < _NUMBERS.size:
        return None
    version, _, _, head_at, body_at, _ = _NUMBERS.unpack_from(head)
    key_at = head.find(_KEY, _NUMBERS.size, head_at)
    if version != _VERSION or key_at < 0:
        return None
    tags = _TAGS.search(head, head_at, body_at)
    return StoredFile(head[key_at + len(_KEY) : head_at - 1], frozenset(tags[1].split() if tags else ()))


def purge_files(folder: Path, wanted: PurgeRequest) -> int:
    """Remove the files of stored responses; return how many there were.

    nginx looks once in a second whether a file that it keeps open is still there, so this takes until then.
    Files of responses that are still arriving go too. Those whose head comes later are not stored: edge.js
    sees that there was a purge.

    Args:
        folder: The folder of the cache.
        wanted: Which ones.

    Raises:
        LiveEdgeError: This user may not remove them.
    """
    is_wanted = _test(wanted)
    try:
        _leave_mark(folder)
        count = _remove(folder, is_wanted)
        time.sleep(1.05 - time.time() % 1)
        return count + _remove(folder, is_wanted)
    except FileNotFoundError:
        raise LiveEdgeError.of(
            "live-edge", f"{folder} is not there: nginx has stored nothing", hint="start it first"
        ) from None
    except PermissionError as error:
        raise LiveEdgeError.of(
            "live-edge", f"{error.filename}: {error.strerror}", hint="purge as root, or as the user of nginx"
        ) from None


def _test(wanted: PurgeRequest) -> Callable[[StoredFile], bool]:
    tags = frozenset(tag_text(tag).encode() for tag in wanted.tags)
    whole = [f"{url.host}{url.target}".encode() for url in wanted.urls if url.host]
    paths = [url.target.encode() for url in wanted.urls if not url.host]

    def is_wanted(found: StoredFile) -> bool:
        if wanted.is_everything or not tags.isdisjoint(found.tags):
            return True
        path = found.key[max(0, found.key.find(b"/")) :]
        return any(_is_of(found.key, url) for url in whole) or any(_is_of(path, url) for url in paths)

    return is_wanted


def _is_of(key: bytes, url: bytes) -> bool:
    return key.startswith(url) and key[len(url) : len(url) + 1] in (b"", b"|")


def _leave_mark(folder: Path) -> None:
    if not folder.is_dir():
        raise FileNotFoundError(folder)
    mark = folder / _MARK
    mark.parent.mkdir(exist_ok=True)
    made = mark.with_suffix(f".{os.getpid()}")
    made.write_text(str(int(time.time() * 1000)), encoding="ascii")
    made.chmod(0o644)
    made.replace(mark)


def _remove(folder: Path, is_wanted: Callable[[StoredFile], bool]) -> int:
    count = 0
    for path in _files(folder):
        try:
            with path.open("rb") as file:
                head = file.read(4096)
                if len(head) >= _NUMBERS.size:
                    head += file.read(max(0, _NUMBERS.unpack_from(head)[4] - len(head)))
            found = stored_file(head)
            if found is not None and is_wanted(found):
                path.unlink()
                count += not found.key.startswith(_OF_FAILURES)
        except FileNotFoundError:
            continue  # nginx was faster
    return count


def _files(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):
            raise error

    for place, folders, names in os.walk(folder, onerror=fail):
        if _MARK.parent.name in folders:
            folders.remove(_MARK.parent.name)
        yield from (Path(place, name) for name in names)
