"""nginx with the configuration of the target `nginx`: that of the system, and the newest that pip has."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import ClassVar

import machine
from cases.runners.engine import ProgramEngine, Site
from prefetchrouter.output.build import build, write
from prefetchrouter.targets.nginx import NginxTarget, Options
from prefetchrouter.targets.nginx.nginx_support import SUPPORT


class Nginx(ProgramEngine):
    """The nginx of the system, with its JavaScript module."""

    name = "nginx"
    needs = ("nginx", "njs")
    support = SUPPORT
    environment: ClassVar[Mapping[str, str]] = {"NGINX_PROGRAM": machine.nginx() or "nginx"}

    def command(self, site: Site, port: int) -> Sequence[str]:
        options = Options(
            listen=f"127.0.0.1:{port}",
            origins=site.origins,
            scheme="https",
            inner=str(site.folder),
            workers="1",
            user="root" if os.getuid() == 0 else None,
        )
        write(build(site.rules, targets=[NginxTarget(options)]), site.folder)
        return ["sh", str(site.folder / "nginx" / "run.sh"), "start"]
