"""Rules that are allowed but hardly meant: they never match, have no effect, or are misspelt.

    held.py       what each variable can hold, as a table
    comparing.py  whether comparisons can be true, alone and together
    values.py     warnings of single comparisons, with what to write instead
    nested.py     warnings of rules that no request reaches, because of the rules around or before them
    cancelled.py  warnings of features that another feature of the same rule cancels
    markers.py    a comment that nearly holds the marker

Nothing is guessed: a rule is said never to match only where that is proven.
"""
