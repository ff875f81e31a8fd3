"""The public names of a package: written once, in its ``__init__.pyi``, and loaded when they are used."""

from __future__ import annotations

import importlib
import os
import sys

from prefetchrouter.moved import moved_name

TYPE_CHECKING = False  # as checkers read it; `typing` takes longer to import than all of this
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def public_names(package: str) -> dict[str, str]:
    """Return the public names of a package, each with the module that defines it.

    Args:
        package: The package; its ``__init__.pyi`` has a line ``from .module import Name as Name`` for each.

    Example:
        >>> public_names("prefetchrouter")["Router"]
        'prefetchrouter.authoring.router'
    """
    module = sys.modules[package]
    loader: Any = module.__loader__  # that of a zip file reads from there; pkgutil would take long to import
    stub: bytes = loader.get_data(os.path.join(os.path.dirname(str(module.__file__)), "__init__.pyi"))
    words = [line.split() for line in stub.decode().splitlines() if line.startswith("from .")]
    return {name: package + home for _from, home, _import, name, _as, _name in words}


def attach(package: str) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a package that loads its public names lazily (PEP 562).

    Names that were public in the last release keep working, with a warning; see `prefetchrouter.moved`.

    Args:
        package: The ``__name__`` of the package.
    """
    homes: dict[str, str] = {}

    def names() -> dict[str, str]:
        homes.update(homes or public_names(package))
        return homes

    def __getattr__(name: str) -> object:
        if name == "__all__":
            return sorted(names())
        if not name.startswith("__") and name in names():
            value: object = getattr(importlib.import_module(homes[name]), name)
            # Binds the name in the package, where the import may have bound a module of the same name.
            setattr(sys.modules[package], name, value)
            return value
        return moved_name(package, name, depth=2)

    def __dir__() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names()})

    return __getattr__, __dir__
