"""Imports of a routes file: its neighbours, in each way in which Python lets one write them."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

_OWN = __name__.partition(".")[0]


def package_of(file: Path) -> tuple[str, Path]:
    """Return the package that a file is a part of, and the folder that the outermost package is in.

    A file beside no ``__init__.py`` is a part of none: the name is empty, and the folder its own.

    Args:
        file: The file, as an absolute path.
    """
    names: list[str] = []
    folder = file.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        names.insert(0, folder.name)
        folder = folder.parent
    return ".".join(names), folder


def place_in_package(module: ModuleType, file: Path) -> None:
    """Let a module that stands for a file use relative imports.

    In a package these are the package's modules. Elsewhere they are the files beside it, of which the module
    is then the package.

    Args:
        module: The module; its name is one that no file has.
        file: The file, as an absolute path.
    """
    package, _ = package_of(file)
    if not package:
        module.__path__ = [str(file.parent)]
    module.__package__ = package or module.__name__


@contextmanager
def fresh_imports(file: Path) -> Iterator[None]:
    """Let a file import its neighbours, and forget them afterwards, so that each load sees changes.

    Modules are looked for beside the file, beside its package, and in the current folder, as ``python -m``
    does. A module of the same name from elsewhere is set aside meanwhile.

    Args:
        file: The file, as an absolute path.
    """
    package, root = package_of(file)
    folders = list(dict.fromkeys([file.parent, root, Path.cwd()]))
    beside = {path.stem for path in file.parent.glob("*.py")} | {
        path.parent.name for path in file.parent.glob("*/__init__.py")
    }
    beside |= {package.partition(".")[0]} - {""}
    beside -= sys.stdlib_module_names | {_OWN}
    aside = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in beside}
    for name in aside:
        del sys.modules[name]
    before, path = set(sys.modules), list(sys.path)
    writes_bytecode, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    sys.path[:0] = [str(folders[0])]
    sys.path += [str(folder) for folder in folders[1:] if str(folder) not in sys.path]
    importlib.invalidate_caches()
    try:
        yield
    finally:
        _restore_path(path, {str(folder) for folder in folders})
        sys.dont_write_bytecode = writes_bytecode
        for name in set(sys.modules) - before:
            if _is_among(name, sys.modules[name], folders):
                del sys.modules[name]
        sys.modules.update(aside)


def _restore_path(before: list[str], added: set[str]) -> None:
    """Take out what was added; what the file itself added to the path stays."""
    sys.path[:] = before + [entry for entry in sys.path if entry not in added and entry not in before]


def _is_among(name: str, module: ModuleType, folders: list[Path]) -> bool:
    """Return whether a module was found in one of the folders: not a package that is installed below it."""
    file: str | None = getattr(module, "__file__", None)
    if file is None:  # a package without __init__.py has only a path
        file = next(iter(getattr(module, "__path__", ())), None)
    top = name.partition(".")[0]
    if file is None or top == _OWN or "site-packages" in Path(file).parts:
        return False
    own = Path(file)
    return own.is_relative_to(folders[0]) or any(
        own == folder / f"{top}.py" or own.is_relative_to(folder / top) for folder in folders[1:]
    )
