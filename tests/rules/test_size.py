import contextlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.errors import SizeError
from prefetchrouter.rules.size import Size, size


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0B", 0),
        ("14000B", 14_000),
        ("14kB", 14_000),
        ("1MB", 10**6),
        ("1TB", 10**12),
        ("1kiB", 1024),
        ("2GiB", 2**31),
    ],
)
def test_a_size_knows_its_bytes(text: str, number: int) -> None:
    """Plain prefixes are powers of 1000, those with i powers of 1024."""
    assert number == Size(text).bytes


@pytest.mark.parametrize(
    ("wrong", "proposal"),
    [
        ("14KB", "14kB"),
        ("14 kb", "14kB"),
        ("14k", "14kB"),
        ("14", "14B"),
        (14, "14B"),
        ("1mib", "1MiB"),
        ("2 MBytes", "2MB"),
    ],
)
def test_a_near_miss_is_reported_with_what_was_meant(wrong: object, proposal: str) -> None:
    """The proposal is a size itself."""
    with pytest.raises(SizeError) as raised:
        size(wrong)
    assert raised.value.diagnostics[0].hint == f'did you mean "{proposal}"?'
    assert Size(proposal) == proposal


@given(
    st.text()
    | st.text("0123456789kMGTiB ", max_size=12)
    | st.integers()
    | st.none()
    | st.just("9" * 5000 + "B")
)
def test_any_value_gives_a_size_or_a_coded_error(value: object) -> None:
    """Fuzzed: no other exception."""
    with contextlib.suppress(SizeError):
        assert str(size(value)) == value


def test_a_size_survives_a_pickle() -> None:
    """A rule set can go to another process."""
    assert pickle.loads(pickle.dumps(Size("14kB"))).bytes == 14_000
