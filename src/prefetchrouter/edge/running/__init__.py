"""`prefetchrouter serve`, put together from all other parts.

Its modules:

    serving.py    from start to shutdown                    settings.py   the options of the command
    app.py        dispatches all requests                   own_files.py  the browser part and the manifest
    preparing.py  checks before the start                   supported.py  the features that the edge supports
    loading_process.py loads routes in a separate process        reloading.py  reloads them when they change
    console.py    terminal output                           signals.py    signal handlers
    cache_access.py the cache for the pages and for purges       beacons.py    beacons of page views
    folder_changes.py  watches folders that are origins
"""
