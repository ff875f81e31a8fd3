"""Hints about the likely cause when a routes file is not Python, or fails while it runs."""

from __future__ import annotations

import inspect
import re
import traceback
from pathlib import Path

import prefetchrouter
from prefetchrouter.authoring.route import Route
from prefetchrouter.authoring.router import Router
from prefetchrouter.errors import LoadError, did_you_mean
from prefetchrouter.public import public_names
from prefetchrouter.rules.features.section import Section
from prefetchrouter.rules.foreign_syntax import regex
from prefetchrouter.rules.typed.features_dict import FeaturesDict
from prefetchrouter.source import Source

_DEBUG = "run with --debug for the full traceback"
_KEYWORD_METHODS = {"if": "if_", "elif": "elif_", "elseif": "elif_", "else": "else_"}
_KEYWORD_FUNCTIONS = {"and": "and_", "or": "or_", "not": "not_"}
_OTHER_NAMES = {"true": "True", "false": "False", "null": "None", "undefined": "None"}
_NEEDS_CODE = ("compute", "render", "render_with_app", "transform_request", "transform_response", "stream")


def load_failure(file: Path, error: BaseException) -> LoadError:
    """Return the error that explains why a routes file could not be loaded.

    Args:
        file: The routes file.
        error: What compiling or running it raised.

    Example:
        >>> print(load_failure(Path("routes.py"), NameError("name 'true' is not defined", name="true")))
        routes.py:1: the file fails to run: name 'true' is not defined; write True [import-failed]
    """
    if isinstance(error, SyntaxError) and error.filename == str(file.absolute()):
        source = Source(error.filename, error.lineno or 1)  # pyright: ignore[reportArgumentType]
        return LoadError.of("import-failed", f"not Python: {error.msg}", source=source, hint=_spelling(error))
    frames = traceback.extract_tb(error.__traceback__)
    lines = [
        frame
        for frame in frames
        if Path(frame.filename).is_relative_to(file.absolute().parent)
        and "site-packages" not in frame.filename
        and not _is_ours(frame)
    ]
    return LoadError.of(
        "import-failed",
        f"the file fails to run: {_what(error)}",
        source=Source(lines[-1].filename, lines[-1].lineno or 1) if lines else Source(str(file), 1),
        hint=_cure_on_line(error, lines[-1].line or "" if lines else "")
        or _cure_of_arguments(error, frames)
        or _cure(error)
        or _DEBUG,
    )


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return Path(frame.filename).is_relative_to(Path(__file__).parents[1])


def _what(error: BaseException) -> str:
    text = str(error).strip()
    if isinstance(error, ImportError):
        text = re.sub(r" \([^()]*\)$", "", text)  # the place of the module on this machine
    if isinstance(error, NameError | ImportError | AttributeError) and text:
        return text
    return f"{type(error).__name__}{': ' if text else ''}{text}"


_JAVASCRIPT = (
    (
        r"\(\s*\{[^{}()]*\}\s*\)\s*=>|\w+\s*=>|\)\s*=>",
        'write lambda route: route.cache(edge={{"max_age_seconds": "1h"}})',
    ),
    (r"^\s*import\s*(?:\{|\w+\s+from|\*|['\"])", "write from prefetchrouter import Router"),
    (r"^\s*export\s+default\b", "write router = Router()"),
    (r"^\s*(?:const|let|var)\s+(\w+)", "write {0} = ... without const, let or var"),
    (r"\bnew\s+\w+\s*\(", "write Router() without new"),
    (r"^\s*(?:async\s+)?function\b", "write def name(route):"),
    (r"^\s*(?://|/\*)", "write # before a comment"),
    (r"===|!==", "write == or !="),
    (r"&&", "write and in Python, and_(...) in criteria"),
    (r"\|\|", "write or in Python, or_(...) in criteria"),
    (r"(?<![=!<>])!\s*[\w(\"'\[{]", "write not in Python, not_(...) in criteria"),
    (r"[(,=:\[]\s*/(\^?[^/\s]*(?:\\/[^/\s]*)*)/([gimsuy]*)\s*[,)\]}]", "write {regex}"),
    (r"`", 'write f"..." or "..." for text'),
    (r"\{\s*\.\.\.\w|[\[(,]\s*\.\.\.\w", "write ** before a mapping, * before a list"),
    (r"\?\.\w|\?\?", "Python has neither ?. nor ??: write value or default"),
)
"""JavaScript syntax by regular expression, each with what to write in Python; the first match counts."""


def _spelling(error: SyntaxError) -> str | None:
    """Return the Python spelling of a line of JavaScript, or of a method named like a keyword of Python."""
    line = error.text or ""
    for pattern, hint in _JAVASCRIPT:
        found = re.search(pattern, line)
        if found and "{regex}" in hint:
            code = regex(found[1].replace(r"\/", "/"), ignore_case="i" in found[2])
            return hint.format(regex=code)
        if found:
            return hint.format(*found.groups())
    for pattern, names in ((r"\.\s*(\w+)\s*\(", _KEYWORD_METHODS), (r"\b(\w+)\s*\(", _KEYWORD_FUNCTIONS)):
        for word in re.findall(pattern, line):
            if word in names:
                return f"{word} is a keyword of Python: write {names[word]}(...)"
    bare = re.search(r"[({,]\s*([A-Za-z_]\w*)\s*:", line)
    return f'write "{bare[1]}": ... in a mapping, {bare[1]}=... in a call' if bare else None


def _cure(error: BaseException) -> str | None:
    match error:
        case AttributeError(name=str(name), obj=obj) if type(obj).__module__.startswith("prefetchrouter."):
            return _cure_of_call(name, obj)
        case NameError(name=str(name)):
            return _cure_of_name(name)
        case ModuleNotFoundError(name=str(name)) if not name.startswith("prefetchrouter."):
            return f"install it, or put {name.split('.')[0]}.py beside the file"
        case AttributeError(name=str(name)) if callable(error.obj) and name in _methods(Router):
            return "it is a function: call it"
        case ImportError(name="prefetchrouter"):
            found = re.search(r"cannot import name '(\w+)'", str(error))
            return did_you_mean(found[1], _public_names()) if found else None
        case RecursionError() if "during compilation" in str(error):
            return "Python takes about a thousand calls in one chain: write the others on separate lines"
        case _:
            return None


def _cure_on_line(error: BaseException, line: str) -> str | None:
    """Return what to write where a method of routers is called on the class `Router`, or on None."""
    called = re.search(r"(?<![\w.])Router\.(\w+)\s*\(", line)
    if called and isinstance(error, AttributeError | TypeError) and called[1] in _methods(Router):
        return f"write Router().{called[1]}(...): rules are added to a router, not to the class"
    match error:
        case AttributeError(name=str(name), obj=None) if name in (*_methods(Router), *_methods(Route)):
            return "a function gives None unless it returns something: return the router"
        case _:
            return None


def _cure_of_arguments(error: BaseException, frames: traceback.StackSummary) -> str | None:
    """Return how to call, or how to be called, where the arguments of a call are wrong."""
    found = re.match(r"([\w.<>]+)\(\) (?:takes|missing|got) ", str(error))
    if not isinstance(error, TypeError) or found is None:
        return None
    keyword = re.fullmatch(r"Response\.__init__\(\) got an unexpected keyword argument '(\w+)'", str(error))
    if keyword and keyword[1] in Section.sections["response"].model_fields:
        return f"Response is an HTTP response; write ResponseFeatures({keyword[1]}=...)"
    if not _is_ours(frames[-1]):
        return _usage(found[1])
    if frames[-1].name == "use":
        return "a plugin takes one argument, the router; with options, it is an object: use(MyPlugin(...))"
    return 'a helper function takes one argument, the route: lambda route: route.set_origin("web")'


def _usage(name: str) -> str | None:
    """Return the arguments of a public class, function or method, None for another's."""
    if name.partition(".")[0] not in public_names("prefetchrouter"):
        return None
    value: object = prefetchrouter
    for part in name.split("."):
        value = getattr(value, part, None)
    if not callable(value):
        return None
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in inspect.signature(value).parameters.values()
        if parameter.name != "self"
    ]
    return f"call {name.removesuffix('.__init__').split('.')[-1]}{inspect.Signature(parameters)}"


def _methods(value: object) -> list[str]:
    return [method for method in dir(value) if not method.startswith("_")]


def _cure_of_call(name: str, obj: object) -> str | None:
    known = _methods(obj)
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    for word in (snake, _KEYWORD_METHODS.get(snake)):
        if word in known:
            return f'did you mean "{word}"?'
    if isinstance(obj, Router) and snake in _ON_ROUTER:
        return f"write {_ON_ROUTER[snake]}"
    if isinstance(obj, Route) and (instead := _feature_on_route(snake)):
        return instead
    if snake in _NEEDS_CODE:
        return "a rule set holds no code: let the feature edge_function name the code that the edge runs"
    return did_you_mean(snake, known)


_ON_ROUTE = {
    "max_age": 'cache(edge={"max_age_seconds": "1h"})',
    "edge_max_age": 'cache(edge={"max_age_seconds": "1h"})',
    "stale_while_revalidate": 'cache(edge={"stale_while_revalidate_seconds": "1h"})',
    "service_worker_max_age": 'cache(browser={"service_worker_seconds": "1h"})',
    "client_max_age": 'cache(browser={"max_age_seconds": "1h"})',
    "browser_max_age": 'cache(browser={"max_age_seconds": "1h"})',
    "ttl": 'cache(edge={"max_age_seconds": "1h"})',
    "bypass_cache": "cache(edge=False)",
    "no_cache": "cache(edge=False)",
    "bypass_client_cache": "cache(browser=False)",
    "rewrite": 'update_path("/new")',
    "url_rewrite": 'update_path("/new")',
    "url_redirect": 'redirect("/new")',
    "set_header": 'set_response_header("x-tier", "gold")',
    "header": 'set_response_header("x-tier", "gold")',
    "set_headers": 'set_response_header("x-tier", "gold")',
    "set_response_headers": 'set_response_header("x-tier", "gold")',
    "add_response_headers": 'add_response_header("x-tier", "gold")',
    "set_request_headers": 'set_request_header("x-tier", "gold")',
    "set_status": "set_response_code(410)",
    "set_status_code": "set_response_code(410)",
    "status": "set_response_code(410)",
    "deny": 'add_features({"access": {"deny_access": True}})',
    "block": 'add_features({"access": {"deny_access": True}})',
    "comment": 'set_comment("note")',
}
"""What people call on the route that has another name there."""


_ON_ROUTER = {
    **dict.fromkeys(
        (
            "add",
            "add_route",
            "route",
            "all",
            "any",
            "on",
            "handle",
            "path",
            "rule",
            "add_rule",
            "location",
            "where",
        ),
        'match("/a", caching={"max_age": "1h"})',
    ),
    **dict.fromkeys(("redirect", "redirects"), 'match("/a", lambda route: route.redirect("/b"))'),
    **dict.fromkeys(("rewrite", "rewrites"), 'match("/a", lambda route: route.update_path("/b"))'),
    **dict.fromkeys(("proxy", "backend", "origin"), 'match("/a", lambda route: route.proxy("web"))'),
    **dict.fromkeys(
        ("static", "serve_static", "dir"),
        'match("/static/:path*", lambda route: route.serve_static("dist/:path*"))',
    ),
    **dict.fromkeys(
        ("fallback", "default", "not_found", "match_all", "otherwise"), 'always(caching={"max_age": "1h"})'
    ),
    **dict.fromkeys(
        ("group", "mount", "include", "include_router", "scope", "nest", "prefix"),
        'match("/a/:rest*", Router().match("/a/b", caching={"max_age": "1h"}))',
    ),
    **dict.fromkeys(
        ("error", "on_error", "errorhandler", "status"), 'catch(404, caching={"max_age": {"404": "1m"}})'
    ),
}
"""What other routers call what ours has a verb for."""


def _feature_on_route(name: str) -> str | None:
    """Return how a helper writes a feature whose name is not a method."""
    if name in _ON_ROUTE:
        return f"write route.{_ON_ROUTE[name]}"
    home = next(
        (home for home, model in Section.sections.items() if home and name in model.model_fields), None
    )
    if home is None:
        return None
    is_flag = "bool" in str(Section.sections[home].model_fields[name].annotation)
    value = "True" if is_flag else "..."
    return f'write route.add_features({{"{home}": {{"{name}": {value}}}}})'


def _cure_of_name(name: str) -> str | None:
    if name in _OTHER_NAMES:
        return f"write {_OTHER_NAMES[name]}"
    if name in _public_names():
        return f"write: from prefetchrouter import {name}"
    if name in FeaturesDict.__annotations__:
        return f'write it in quotes: "{name}"'
    return None


def _public_names() -> list[str]:
    return sorted(public_names("prefetchrouter"))
