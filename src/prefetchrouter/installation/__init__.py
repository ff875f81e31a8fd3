"""What is installed on this machine, and which commands can run with it: `prefetchrouter doctor`.

    metadata of the package ──> packages, by extra ──┐
    engines, on PATH ─────────> programs ────────────┼──> readiness of each command ──> text, JSON
    browsers, on PATH ────────> programs             ┘

Extras are read from the metadata of the installed package, engines from their registry.

    >>> from prefetchrouter.installation.examine import examine
    >>> report = examine(["build", "serve"], programs=False)
    >>> [ready.name for ready in report.readiness if ready.name in ("build", "serve")]
    ['build', 'serve']

Its modules:

    packages.py         what each extra of this package needs, and what is installed of it
    found_programs.py   engines and browsers: where they are, in which version, what they lack
    examine.py          what each command needs; `examine` puts all of it into one report
    doctor_text.py      the report as text and as JSON
"""
