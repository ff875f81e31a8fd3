"""What goes back to the client."""

from __future__ import annotations

import pytest

from edge.stage import Stage, play
from prefetchrouter import Router


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_get_and_head_ask_whether_something_changed(method: str) -> None:
    async def scene() -> None:
        stage = Stage(Router())
        stage.answers("/a", b"done", etag='"1"', last_modified="Fri, 15 Jan 2027 08:00:00 GMT")
        later = "Fri, 15 Jan 2027 09:00:00 GMT"
        assert (await stage.ask("/a", method, b"x", if_modified_since=later)).body == b"done"
        assert (await stage.ask("/a", method, b"x", if_none_match='"1"')).status == 200
        assert (await stage.ask("/a", "GET", if_none_match='"1"')).status == 304

    play(scene)


def test_a_post_from_a_copy_is_the_whole_answer_whatever_is_asked() -> None:
    async def scene() -> None:
        rules = Router().match("/a", caching={"max_age": "1h", "enable_caching_for_methods": ["POST"]})
        stage = Stage(rules)
        stage.answers("/a", b"done", etag='"1"')
        await stage.ask("/a", "POST", b"x")
        await stage.edge.idle()
        again = await stage.ask("/a", "POST", b"x", if_none_match='"1"', range="bytes=0-1")
        assert (again.status, again.body, again.story.cache) == (200, b"done", "hit")

    play(scene)
