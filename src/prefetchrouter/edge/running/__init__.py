"""`prefetchrouter serve`, put together from all other parts.

Its modules:

    serving.py    from the start to a clean end             settings.py   what a user asks of it
    app.py       one app for all requests                 own_files.py  the browser part and the manifest
    preparing.py  what has to be right before it serves     supported.py  features that the edge has
    loading.py    a routes file, in a process of its own    reloading.py  when that file changes
    teller.py     what is printed                         signals.py    what signals mean
"""
