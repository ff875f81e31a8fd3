"""A body that several clients read while it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.waiting import PATIENCE
from prefetchrouter.edge.engine.stream_buffer import BufferReader, MemoryBudget, StreamBuffer
from prefetchrouter.edge.origin_client import OriginError


async def pieces(*given: bytes) -> AsyncIterator[bytes]:
    for piece in given:
        await asyncio.sleep(0)
        yield piece


async def everything(reader: BufferReader) -> bytes:
    return b"".join([piece async for piece in reader])


def nothing() -> None:
    pass


def test_all_who_come_in_time_read_the_whole() -> None:
    async def main() -> None:
        buffer = StreamBuffer(100, 10)
        early = buffer.reader()
        task = asyncio.create_task(buffer.fill(pieces(b"one ", b"", b"two ", b"three"), nothing))
        first = await anext(early)
        late = buffer.reader()
        assert await task == b"one two three"
        assert first + await everything(early) == await everything(late) == b"one two three"
        assert await everything(buffer.reader()) == b"one two three"

    asyncio.run(main())


def test_a_broken_body_breaks_for_all() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise OriginError("cut", "broken off")

    async def main() -> None:
        buffer = StreamBuffer(100, 10)
        readers = [buffer.reader(), buffer.reader()]
        with pytest.raises(OriginError):
            await buffer.fill(broken(), nothing)
        for reader in readers:
            assert await anext(reader) == b"half"
            with pytest.raises(OriginError, match="broken off"):
                await anext(reader)

    asyncio.run(main())


def test_a_given_up_body_is_a_broken_one() -> None:
    async def main() -> None:
        buffer = StreamBuffer(100, 10)
        reader = buffer.reader()
        task = asyncio.create_task(buffer.fill(endless(), nothing))
        await anext(reader)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        with pytest.raises(OriginError, match="given up"):
            await everything(reader)

    asyncio.run(main())


async def endless() -> AsyncIterator[bytes]:
    while True:
        await asyncio.sleep(0)
        yield b"x" * 10


def test_a_large_body_passes_in_step_with_its_slowest_reader() -> None:
    told = []
    sent = 0

    async def counted() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            await asyncio.sleep(0)
            sent += 10
            yield b"0123456789"

    async def main() -> None:
        buffer = StreamBuffer(50, 20)
        quick, slow = buffer.reader(), buffer.reader()
        task = asyncio.create_task(buffer.fill(counted(), lambda: told.append("large")))
        body = asyncio.create_task(everything(quick))
        for _ in range(50):
            await asyncio.sleep(0)
        assert sent <= 50 + 20 + 20, "it ran ahead of the slow reader"
        assert buffer.is_too_large
        assert len(await everything(slow)) == 1000
        assert len(await body) == 1000
        assert await task is None
        assert told == ["large"]

    asyncio.run(main())


def test_a_large_body_that_no_one_reads_ends() -> None:
    async def main() -> None:
        buffer = StreamBuffer(50, 20)
        reader = buffer.reader()
        task = asyncio.create_task(buffer.fill(endless(), nothing))
        await anext(reader)
        await reader.aclose()
        assert await asyncio.wait_for(task, PATIENCE) is None

    asyncio.run(main())


@given(
    st.lists(st.binary(max_size=20), max_size=20), st.integers(0, 200), st.integers(1, 50), st.integers(1, 4)
)
def test_each_reader_gets_exactly_the_body(body: list[bytes], limit: int, ahead: int, count: int) -> None:
    async def main() -> None:
        buffer = StreamBuffer(limit, ahead)
        readers = [buffer.reader() for _ in range(count)]
        filled, *read = await asyncio.gather(
            buffer.fill(pieces(*body), nothing), *(everything(reader) for reader in readers)
        )
        whole = b"".join(body)
        assert filled == (whole if len(whole) <= limit else None)
        assert set(read) == {whole}

    asyncio.run(main())


def test_bodies_share_a_room() -> None:
    """When it is full, large ones are no longer kept; small ones are. A reader at the end frees budget."""

    async def filled(size: int, budget: MemoryBudget) -> tuple[bool, BufferReader]:
        buffer = StreamBuffer(100, 20, budget)
        reader = buffer.reader()
        told: list[str] = []
        task = asyncio.create_task(
            buffer.fill(pieces(*[b"0123456789"] * (size // 10)), lambda: told.append(""))
        )
        for _ in range(40):
            await asyncio.sleep(0)
        if not buffer.is_too_large:
            assert await task == b"0123456789" * (size // 10)
        return bool(told), reader

    async def main() -> None:
        budget = MemoryBudget(160)
        found = [await filled(size, budget) for size in (80, 80, 80, 20, 80)]
        assert [told for told, _ in found] == [False, False, True, False, True]
        assert budget.used <= 160 + 10 + 3 * (20 + 10)
        for _, reader in found[:2]:
            assert len(await everything(reader)) == 80
            await reader.aclose()
        assert not (await filled(40, budget))[0]
        for _, reader in found[2:]:
            assert len(await everything(reader)) in (20, 80)
            await reader.aclose()
        assert budget.used == 40

    asyncio.run(main())


def test_what_breaks_off_leaves_the_room() -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise OriginError("cut", "broken off")

    async def main() -> None:
        budget = MemoryBudget(100)
        buffer = StreamBuffer(100, 10, budget)
        reader = buffer.reader()
        with pytest.raises(OriginError):
            await buffer.fill(broken(), nothing)
        assert budget.used == 4
        await reader.aclose()
        assert budget.used == 0

    asyncio.run(main())
