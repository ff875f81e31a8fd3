"""Texts that try to leave their place in VCL, nginx's configuration, JavaScript, TOML or a shell."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from hypothesis import strategies as st

ENDS = (
    '"', "'", "`", "\\", '\\"', "\\'", "\\\\", '"}', '{"', '"""', '""', '"+"', "*/", "/*", "//", "#", "-->",
    "<!--", ";", "}", "{", ")", "(", "]", "[", "$", "${", "$(", "%", "%{", "%00", "\\n", "\\x22",
    "\\u0022", "\\", "~", "~*", "|", "&&", ">", "<", "=", ",", "?", "^", "@",
)  # fmt: skip
"""What ends a constant, a comment, a statement or a block in one language or another."""

BREAKS = (
    "\n",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\x0b",
    "\x0c",
    "\x1b",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\ufeff",
)
"""Line breaks and other characters that no printer expects."""

CODE = (
    "return (synth(200));", "set req.url = 1;", "C{ abort(); }C", "import std;", 'include "/etc/passwd";',
    "return 200 owned;", "default", "hostnames", "volatile", "include", "proxy_pass http://x;", "$host",
    "${host}", "$pr_dollar", "alert(1)", "${alert(1)}", "</script>", "<script>", "__proto__", "constructor",
    "%{host}", "%{http_x:=a}", "$1", ":name", "{{ 1 }}", "{% raw %}", "{# x #}", "$(id)", "`id`", "rm -rf /",
    "[table]", "x = 1", "now", "true", "null",
)  # fmt: skip
"""Pieces of code that would act if they got out."""

WORDS = (
    "a",
    "B",
    " ",
    "  ",
    "1",
    "é",
    "ß",
    "İ",
    "\u202e",
    "\u200b",
    "😀",
    "日本",
    ".",
    "-",
    "_",
    "/",
    "x" * 300,
)
"""What is harmless, in ASCII and outside of it."""

_KINDS = (ENDS, ENDS, ENDS, BREAKS, CODE, CODE, WORDS, WORDS)


def hostile_texts(
    count: int = 10_000, *, allows: Callable[[str], bool] = lambda text: True, seed: int = 11
) -> list[str]:
    """Return texts, each once and the same in every run: first each piece alone, then mixtures.

    Args:
        count: How many.
        allows: Whether a text is valid where it is to be put, such as without line breaks in a header.
        seed: What the mixtures depend on.
    """
    found: dict[str, None] = {}
    for text in _texts(seed):
        if allows(text):
            found[text] = None
        if len(found) == count:
            return list(found)
    raise AssertionError("no more texts")


def _texts(seed: int) -> Iterator[str]:
    for kind in (ENDS, BREAKS, CODE, WORDS):
        yield from kind
    for end in ENDS:
        for code in CODE:
            yield end + code
            yield f"a{end}\n{code}{end}"
    yield "long " + "y" * 9_000
    drawn = random.Random(seed)
    for _ in range(1_000_000):
        kinds = drawn.choices(_KINDS, k=drawn.randint(2, 7))
        yield "".join(drawn.choice(kind) for kind in kinds)


def is_header_text(text: str) -> bool:
    """Return whether a text can be the value of a header in a rule: one line of printable ASCII."""
    return text.isascii() and text.isprintable()


def is_url_text(text: str) -> bool:
    """Return whether a text can be a part of a destination: no control characters."""
    return not any(ord(character) < 32 or character == "\x7f" for character in text)


hostile = st.lists(st.sampled_from((*ENDS, *BREAKS, *CODE, *WORDS)), min_size=1, max_size=6).map("".join)
"""One such text, for properties."""
