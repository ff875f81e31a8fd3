"""Regular expressions: from a user's Python to the text that the rule set holds, and back for evaluation.

    portable(re.compile(...))   what the user wrote -> what every edge understands
    to_python(text)             what the rule set holds -> compiled for Python
    compiled(text)              the same, for texts of strangers: at a bounded cost
    literal(text)               any text -> an expression that matches exactly it

`docs/regexes.md` lists what is refused and what to write instead.
"""

from prefetchrouter.regex.matching import Found, Regex, bounded, compiled, is_bounded, is_linear, refuse_long
from prefetchrouter.regex.portable import PortableRegex, portable
from prefetchrouter.regex.python import literal, to_python

__all__ = [
    "Found",
    "PortableRegex",
    "Regex",
    "bounded",
    "compiled",
    "is_bounded",
    "is_linear",
    "literal",
    "portable",
    "refuse_long",
    "to_python",
]
