"""What users write in a routes.py, turned into rules.

Its modules:

    router.py, route.py   `Router`, and `Route` with its helper methods
    criteria/             which requests a rule matches
    redirect_table/       redirects from a table, such as a CSV file
    body.py               what a rule does: features, helper functions, nested routers
    chain.py              a chain of branches while calls are still adding to it
    site_helpers.py, site_rules.py, site_moves.py   `Router` calls for a whole site: HTTPS, host names
    plugins.py            checks the plugins that `Router.use` gets
    rewrites.py, cache_key.py, cache_options.py, header_text.py, arguments.py   values of helper methods
    local_imports.py      how a routes file imports its neighbours
    loader.py, hints.py   runs a routes file, and explains why one failed
    collect.py            collects the errors of a file, so that all are reported at once
"""
