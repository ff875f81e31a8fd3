"""Varnish Cache or Vinyl Cache as an engine of `serve`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

from prefetchrouter.engines.program import Engine, EngineOptions
from prefetchrouter.engines.purge_request import PurgeRequest
from prefetchrouter.errors import LiveEdgeError
from prefetchrouter.targets import Target
from prefetchrouter.targets.purge_tag import tag_text
from prefetchrouter.targets.varnish import VarnishTarget
from prefetchrouter.targets.varnish.vcl_files import imported_modules


def _bans(wanted: PurgeRequest) -> Iterator[list[str]]:
    """Yield the expressions of bans, each as the words of its command.

    The header `xkey` of a stored response has ``u:`` and its URL, then ``t:`` and each tag, between blanks.
    """
    if wanted.is_everything:
        yield ["obj.status", "!=", "0"]
    for tag in wanted.tags:
        yield ["obj.http.xkey", "~", rf"\\st:{_literal(tag_text(tag))}(?:\\s|$)"]
    for url in wanted.urls:
        host = _literal(url.host) if url.host else r"[^/\\s]*"
        yield ["obj.http.xkey", "~", rf"^u:{host}{_literal(url.target)}(?:\\s|$)"]


def _literal(text: str) -> str:
    """Return an expression for a text; of two backslashes Varnish's command line leaves one."""
    return re.sub("[^A-Za-z0-9_/-]", lambda found: rf"\\x{ord(found[0]):02x}", text)


class Varnish(Engine):
    """Varnish Cache, started and reloaded by the scripts that are built with its VCL."""

    name: ClassVar[str] = "varnish"
    program: ClassVar[str] = "varnishd"
    install: ClassVar[str] = "apt-get install varnish varnish-modules"
    built_file: ClassVar[str] = "default.vcl"
    version_option: ClassVar[str] = "-V"
    oldest: ClassVar[tuple[int, ...]] = (7,)

    def target(self, options: EngineOptions) -> Target:
        """Return the target with the origins and settings of the options."""
        return VarnishTarget(
            origins=options.origins, scheme=options.scheme, host=options.host, facts=options.facts,
            cache_status=options.cache_status != "off", answer_seconds=options.answer_seconds,
        )  # fmt: skip

    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that starts it in the foreground."""
        folder.chmod(0o755)  # Varnish gives up the rights of root before it reads files
        return ["sh", str(folder / "varnish" / "start.sh")]

    def environment(self, options: EngineOptions) -> dict[str, str]:
        """Return where it listens, and how much it stores."""
        address = f"[{options.listen}]" if ":" in options.listen else options.listen
        path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
        return {
            "LISTEN": f"{address}:{options.port}",
            "MEMORY": f"{max(1, options.cache_bytes // 1024)}k",
            "PATH": path,
        }

    def lacks(self, program: str) -> str | None:
        """Return the first module of our VCL that the program does not find, or why it compiles none."""
        imports = "".join(f"import {name};\n" for name in imported_modules())
        with tempfile.TemporaryDirectory(prefix="prefetchrouter-varnish-") as folder:
            vcl = Path(folder) / "modules.vcl"
            vcl.write_text(f"vcl 4.1;\n{imports}backend default none;\n", encoding="utf-8")
            done = subprocess.run(  # without a jail: as another user it could not read the file
                [program, "-j", "none", "-n", str(Path(folder) / "work"), "-C", "-f", str(vcl)],
                capture_output=True, text=True, errors="replace", check=False,
            )  # fmt: skip
        if done.returncode == 0:
            return None if shutil.which("gcc") else "gcc, which compiles VCL"
        found = re.search(r"Could not find VMOD (\w+)", done.stdout + done.stderr)
        return f"module {found[1]}" if found else "it cannot compile VCL"

    def purge(self, folder: Path, wanted: PurgeRequest) -> None:
        """Ban what is wanted. Varnish does not count it: a banned response ends when it is looked up."""
        path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
        admin = shutil.which("varnishadm", path=path) or shutil.which("vinyladm", path=path)
        if admin is None:
            raise LiveEdgeError.of("live-edge", "varnishadm is not installed", hint=self.install)
        work = os.environ.get("WORK") or str((folder / "work").resolve())
        for expression in _bans(wanted):
            command = [admin, "-n", work, "-t", "30", "ban", *expression]
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
            if done.returncode:
                said = (done.stderr or done.stdout).strip().split("\n")[-1]
                raise LiveEdgeError.of(
                    "live-edge", f"Varnish with the working folder {work} does not take a ban: {said}",
                    hint="WORK names the working folder, as for start.sh",
                )  # fmt: skip

    def reload(self, folder: Path, process: int) -> bool:
        """Load the new rules into the running program, and use them."""
        del process
        shell = shutil.which("sh") or "sh"
        done = subprocess.run(
            [shell, str(folder / "varnish" / "deploy.sh")], capture_output=True, check=False
        )
        return done.returncode == 0


class Vinyl(Varnish):
    """Vinyl Cache, the same under its newer name."""

    name = "vinyl"
    program = "vinyld"
    install = "see vinyl-cache.org"
    oldest = ()
