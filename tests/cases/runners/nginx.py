"""nginx with the configuration of the target `nginx`: that of the system, and the newest that pip has."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

import machine
from cases.runners.case import Purge
from cases.runners.engine import ProgramEngine, Site
from prefetchrouter.output.building import build, write
from prefetchrouter.targets.nginx import NginxTarget, Options
from prefetchrouter.targets.nginx.nginx_support import SUPPORT
from prefetchrouter.targets.support import approximate


class Nginx(ProgramEngine):
    """The nginx of the system, with its JavaScript module."""

    name = "nginx"
    needs: ClassVar[tuple[str, ...]] = ("nginx", "njs")
    most_listed = 0.1
    support = replace(
        SUPPORT,
        operators={
            **SUPPORT.operators,
            "===": approximate("before 1.23 the first of several headers counts"),
        },
    )
    environment: ClassVar[Mapping[str, str]] = {"NGINX_PROGRAM": machine.nginx() or "nginx"}

    def purge(self, purge: Purge) -> None:
        self.purge_by_command(purge, "--folder", str(self._folder))

    def command(self, site: Site, port: int) -> Sequence[str]:
        self._folder = site.folder / "nginx"
        options = Options(
            listen=f"127.0.0.1:{port}",
            origins=site.origins,
            scheme="https",
            inner=str(site.folder),
            workers="1",
            answer_seconds=site.answer_seconds or 60,
            user="root" if os.getuid() == 0 else None,
        )
        write(build(site.rules, targets=[NginxTarget(options)], unsupported="ignore"), site.folder)
        return ["sh", str(site.folder / "nginx" / "run.sh"), "start"]


class NewestNginx(Nginx):
    """The newest nginx, from a package of pip: JavaScript is built in."""

    name = "nginx-newest"
    needs: ClassVar[tuple[str, ...]] = ("newest-nginx",)
    environment: ClassVar[Mapping[str, str]] = {"NGINX_PROGRAM": machine.newest_nginx() or "nginx"}
