"""What a value must reach, printed beside it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Bars:
    """The bars that were tried.

    Args:
        missed: The names of those that were missed.
        tried: How many were tried.
    """

    missed: list[str] = field(default_factory=list)
    tried: int = 0

    def at_least(self, name: str, value: float, bar: float) -> None:
        """Print a value that must not be below a bar."""
        self._print(name, value, f">= {bar:g}", value >= bar)

    def at_most(self, name: str, value: float, bar: float) -> None:
        """Print a value that must not be above a bar."""
        self._print(name, value, f"<= {bar:g}", value <= bar)

    def exact(self, name: str, value: object, wanted: object) -> None:
        """Print whether a value is as it has to be."""
        self.tried += 1
        is_right = value == wanted
        shown = "as wanted" if is_right else f"{value}, not {wanted}"
        print(f"{'ok' if is_right else 'MISSED':<7}{name:<62}{shown}")
        if not is_right:
            self.missed.append(name)

    def _print(self, name: str, value: float, bar: str, is_reached: bool) -> None:
        self.tried += 1
        print(f"{'ok' if is_reached else 'MISSED':<7}{name:<62}{value:>9.3f}  {bar}", flush=True)
        if not is_reached:
            self.missed.append(name)
