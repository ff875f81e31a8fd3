"""What Python shares with the browser part.

Its modules:

    names.py   the paths, headers and globals that both agree on
    files.py   the browser's files, laid out as a site for any web server
    script_tag.py  the script tag, and where it goes in a page
    look.py    colours and fonts of pages, pictures and the overlay
    links.py   what browsers decide from a URL alone: trustworthy origins, links that log out
"""
