"""Reads the rules of other products, and writes them as `routes.py`.

    formats.py            which product a file comes from
    netlify_redirects.py, netlify_headers.py, netlify_toml.py   readers, as are
    cloudflare.py, vercel.py, edgio.py
    nginx.py              nginx's configuration, parsed by crossplane (nginx_conf.py), in its order of
                          locations (nginx_order.py), where rewrites lead (nginx_landing.py)
    nginx_servers.py, nginx_files.py                     which server, which file
    nginx_bodies.py, nginx_ifs.py, nginx_conditions.py   directives, and ``if``, as rules and criteria
    nginx_sets.py, nginx_maps.py, nginx_text.py          ``set``, ``map``, and texts with variables
    nginx_paths.py, nginx_proxying.py                    paths that rewrites make, ``proxy_pass``
    header_blocks.py      the form of `_headers`, which two products share
    rule_bodies.py        what redirects, rewrites and headers are written as
    known_files.py        the files of a site, which come before rules
    imported.py           what readers find: rules, and remarks on lines that were not understood
    json_places.py        the lines of the entries of a JSON file
    python_source.py, writing_routes.py   the text of the file

A reader never guesses. What has the same meaning becomes a rule; all else becomes a comment with its line and
the reason. Where the first rule that matches applies, the rules become one chain of `if_` and `elif_`.

Example:
    >>> from pathlib import Path
    >>> imported, product = read_files([(Path("_redirects"), "/old/* /new/:splat 301!")], None)
    >>> print(routes_text(imported, "The rules"))
    \"\"\"The rules.\"\"\"
    <BLANKLINE>
    import re
    <BLANKLINE>
    from prefetchrouter import Router
    <BLANKLINE>
    router = Router().match(
        re.compile("^/old(?:/(.*))?$"), lambda route: route.redirect("/new/$1", 301, keep_query=True)
    )
    <BLANKLINE>

`docs/import.md` shows the command.
"""

from prefetchrouter.importing.formats import PRODUCTS, read_files, read_text
from prefetchrouter.importing.imported import Imported, Remark
from prefetchrouter.importing.known_files import paths_of_files
from prefetchrouter.importing.writing_routes import routes_text

__all__ = ["PRODUCTS", "Imported", "Remark", "paths_of_files", "read_files", "read_text", "routes_text"]
