"""Installed programs that serve rules: `prefetchrouter serve --engine NAME`.

    routes.py ──> target, in a new folder ──> command of the program ──> it listens
                                                └──> reload: the folder is built again, the program reloads

An engine is a small class: which target it runs, where its program is, and the command that starts it.

    >>> from pathlib import Path
    >>> from prefetchrouter.engines.program import Engine, EngineOptions
    >>> from prefetchrouter.targets import Target
    >>> from prefetchrouter.targets.ruleset import RuleSetTarget
    >>> class Pages(Engine):
    ...     name = "pages"
    ...     program = "python3"
    ...     install = "apt-get install python3"
    ...     def target(self, options: EngineOptions) -> Target:
    ...         return RuleSetTarget()
    ...     def command(self, folder: Path, options: EngineOptions) -> list[str]:
    ...         return [self.found(), "-m", "http.server", str(options.port), "--directory", str(folder)]
    >>> Pages().command(Path("built"), EngineOptions(port=8080))[1:]
    ['-m', 'http.server', '8080', '--directory', 'built']

Its modules:

    program.py             `Engine` and its `EngineOptions`
    programs.py            engines by name; a new one is a line there
    folder_origins.py      origins that are folders, as servers
    run_program.py         builds, starts, reloads and stops
    javascript_engines.py  workerd, Node, Deno and Bun
    nginx_program.py       nginx
    nginx_cache.py         the files of its cache, for a purge
    purge_request.py       which stored responses a program is to remove
    varnish_engine.py      Varnish Cache or Vinyl Cache
"""
