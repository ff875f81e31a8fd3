"""The files of a build.

Its modules:

    building.py  makes them in memory, and compares them with those on disk
    writing.py   writes files into a folder: all of them, or none
"""
