"""Replays recorded programs, written in JavaScript spelling, on our Router."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from prefetchrouter import CacheKey, Route, Router, and_, exact, not_, or_, raw

_METHODS = {"if": "if_", "elseif": "elif_", "else": "else_", "forceHttps": "force_https"}
_TRAILING_OPTIONS = {
    "forceHttps", "serveStatic", "proxy", "redirect", "allowCors", "setSecurityHeaders", "cache",
}  # fmt: skip
_UPDATES = {"updateResponseHeader", "updateRequestHeader"}


def replay(program: list[Any]) -> Router:
    """Return a router on which the calls of a program were made."""
    router = Router()
    for call in program:
        method, arguments = call["m"], call["args"]
        positional, keywords = _split(method, arguments)
        values = [_value(argument) for argument in positional]
        getattr(router, _METHODS.get(method, method))(*values, **keywords)
    return router


def snake(name: str) -> str:
    """Return a name in Python spelling."""
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda found: "_" + found[0], name).lower()


def _split(method: str, arguments: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    if method in _TRAILING_OPTIONS and arguments and isinstance(arguments[-1], dict):
        options = {snake(name): _options(value) for name, value in arguments[-1].items()}
        return arguments[:-1], options
    return arguments, {}


def _options(value: Any) -> Any:
    """Return an option: an object in it stays a mapping, with its keys in Python spelling."""
    if isinstance(value, dict) and "$cacheKey" in value:
        return _value(value)
    if isinstance(value, dict):
        return {snake(name): entry for name, entry in value.items()}
    return value


def _value(value: Any) -> Any:
    match value:
        case {"$regex": source, "$flags": flags}:
            return re.compile(source, re.IGNORECASE if "i" in flags else 0)
        case {"$exact": path}:
            return exact(path)
        case {"$not": inner} | {"not": inner}:
            return not_(_value(inner))
        case {"$and": members}:
            return and_(*map(_value, members))
        case {"$or": members}:
            return or_(*map(_value, members))
        case {"edgeControlCriteria": condition}:
            return raw(condition)
        case {"$router": calls}:
            return replay(calls)
        case {"$helper": calls}:
            return _helper(calls)
        case {"$cacheKey": calls}:
            key = CacheKey()
            for call in calls:
                getattr(key, snake(call["m"]))(*call["args"])
            return key
        case dict():
            return {name: _value(entry) for name, entry in value.items()}
        case list():
            return [_value(entry) for entry in value]
        case _:
            return value


def _helper(calls: list[Any]) -> Callable[[Route], None]:
    def helper(route: Route) -> None:
        for call in calls:
            method, arguments = call["m"], call["args"]
            if method in _UPDATES:
                name, regex, replacement = arguments
                count = 0 if "g" in regex["$flags"] else 1
                getattr(route, snake(method))(name, _value(regex), replacement, count=count)
                continue
            if method == "addResponseCookie" and len(arguments) == 3:
                options = {snake(name): setting for name, setting in arguments[2].items()}
                route.add_response_cookie(*arguments[:2], **options)
                continue
            positional, keywords = _split(method, arguments)
            getattr(route, snake(method))(*map(_value, positional), **keywords)

    return helper
