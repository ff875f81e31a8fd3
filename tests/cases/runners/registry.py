"""All engines that cases run on. A new one is a line here."""

from __future__ import annotations

from cases.runners.embedded import Embedded, EmbeddedInProcess
from cases.runners.engine import Engine
from cases.runners.nginx import NewestNginx, Nginx
from cases.runners.varnish import Varnish
from cases.runners.worker import Bun, Deno, Node, Workerd

ENGINES: tuple[type[Engine], ...] = (
    EmbeddedInProcess,
    Embedded,
    Node,
    Deno,
    Bun,
    Workerd,
    Varnish,
    Nginx,
    NewestNginx,
)
