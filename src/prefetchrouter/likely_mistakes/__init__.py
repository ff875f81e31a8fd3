"""Likely mistakes: rules that are valid but can never match, have no effect, or are misspelled.

    domains.py    the possible values of each variable, as a table
    comparing.py  whether comparisons can be true, alone and together
    values.py     warnings about single comparisons; texts.py and paths.py suggest what to write instead
    nested.py     warnings about rules that no request reaches, because of the rules around or before them
    cancelled.py  warnings about features that another feature of the same rule cancels
    markers.py    warnings about comments with a misspelled marker
    parameters.py warnings about query parameters named like patterns or lists
    ordinary.py   tests of paths that need no closer look

There are no guesses: a rule is said never to match only if that is proven.
"""
