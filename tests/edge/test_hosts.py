"""One spelling for each host, this machine's names for the site's, and no strangers."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prefetchrouter.edge.hosts import UNKNOWN_HOST, SiteIdentity

SHOP = SiteIdentity("https", "www.shop.example", ("www.shop.example", "shop.example", "*.blog.example"))


@pytest.mark.parametrize(
    ("host", "seen"),
    [
        ("www.shop.example", "www.shop.example"),
        ("WWW.Shop.EXAMPLE", "www.shop.example"),
        ("www.shop.example.", "www.shop.example"),
        ("www.shop.example:443", "www.shop.example"),
        ("www.shop.example.:80", "www.shop.example"),
        ("www.shop.example:8080", "www.shop.example"),
        ("www.shop.example:", "www.shop.example"),
        ("shop.example:8080", "shop.example"),
        ("de.blog.example", "de.blog.example"),
        ("a.b.Blog.example:81", "a.b.blog.example"),
        ("localhost", "www.shop.example"),
        ("LOCALHOST.:8080", "www.shop.example"),
        ("shop.localhost:8080", "www.shop.example"),
        ("127.0.0.1:8080", "www.shop.example"),
        ("127.9.9.9", "www.shop.example"),
        ("[::1]:8080", "www.shop.example"),
        ("[::ffff:127.0.0.1]", "www.shop.example"),
        ("192.0.2.9:8080", "www.shop.example"),
        ("192.0.2.8:8080", UNKNOWN_HOST),
        ("evil.example", UNKNOWN_HOST),
        ("blog.example", UNKNOWN_HOST),
        (".blog.example", None),
        ("xblog.example", UNKNOWN_HOST),
        ("www.shop.example.evil.example", UNKNOWN_HOST),
        ("evil.www.shop.example", UNKNOWN_HOST),
        ("localhost.evil.example", UNKNOWN_HOST),
        ("0.0.0.0", UNKNOWN_HOST),
        ("127.1", UNKNOWN_HOST),
        ("2130706433", UNKNOWN_HOST),
        ("www.shop.example:99999", None),
        ("www.shop.example@evil.example", None),
        ("www.shop.example, evil.example", None),
    ],
)
def test_which_host_rules_see(host: str, seen: str | None) -> None:
    """192.0.2.9 is the address of this machine that the client is connected to."""
    assert SHOP.host_for(host, "192.0.2.9") == seen
    assert SHOP.host_for(host, "::ffff:192.0.2.9") == seen


@given(st.sampled_from(SHOP.hostnames[:2]), st.integers(0, 65535) | st.none(), st.booleans(), st.data())
def test_every_spelling_of_a_host_is_the_same_host(
    name: str, port: int | None, dot: bool, data: st.DataObject
) -> None:
    spelled = "".join(data.draw(st.sampled_from([char, char.upper()])) for char in name)
    spelled += "." * dot + (f":{port}" if port is not None else "")
    assert SHOP.host_for(f" {spelled}\t") == name


@given(st.text(string.ascii_lowercase + "0123456789.-:[]_", max_size=40))
def test_a_host_is_one_of_the_site_or_none_at_all(text: str) -> None:
    """So no stranger makes stored responses under their own keys."""
    found = SHOP.host_for(text)
    assert not found or found in SHOP.hostnames or found.endswith(".blog.example")


def test_a_site_without_hostnames_takes_every_host_in_one_spelling() -> None:
    for site_identity in (SiteIdentity("https"), SiteIdentity("https", aliases=("evil.example",))):
        assert site_identity.host_for("EVIL.example.:443") == "evil.example"
        assert site_identity.host_for("evil.example:8080") == "evil.example:8080"
        assert site_identity.host_for("localhost:8080") == "localhost:8080"
    assert SiteIdentity("http").host_for("a:80") == "a"
    assert SiteIdentity("https", "b").host_for("localhost:8080") == "b"


def test_a_tunnel_may_have_a_name_too() -> None:
    shop = SiteIdentity("https", "www.shop.example", ("www.shop.example",), ("abc.tunnel.example",))
    assert shop.host_for("ABC.tunnel.example:443") == "www.shop.example"
    assert shop.host_for("abd.tunnel.example") == UNKNOWN_HOST


@pytest.mark.parametrize(
    ("site_identity", "host"),
    [
        (SHOP, "www.shop.example"),
        (SiteIdentity("https", None, ("*.blog.example",)), "localhost"),
        (SiteIdentity(), "localhost"),
        (SiteIdentity("https", "b.example:8443"), "b.example:8443"),
    ],
)
def test_a_request_without_a_host_is_for_the_first(site_identity: SiteIdentity, host: str) -> None:
    assert site_identity.default_host == host


def test_many_hosts_take_no_memory() -> None:
    for number in range(5000):
        SHOP.host_for(f"h{number}.example")
    assert len(SHOP._known) <= 1024
