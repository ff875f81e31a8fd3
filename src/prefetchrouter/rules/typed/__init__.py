"""What features look like as mappings, for editors and type checkers; generated from the models.

Its modules, each of which needs only those before it:

    options.py     the options inside a feature
    sections.py    the features of each section
    features_dict.py  all that one branch of a rule may hold
"""

from prefetchrouter.moved import moved_name


def __getattr__(name: str) -> object:
    return moved_name(__name__, name, depth=2)
