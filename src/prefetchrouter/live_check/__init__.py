"""Whether a live edge, of any vendor, responds as the rules say: its responses to requests are compared.

    rules ──> probes ──> live_client ──> differences ──> checking: a `LiveReport`
              requests   one after       what differs,    ──> report_text, report_data
              of rules   the other       with its line

    live_site.py    where the edge is, and which host and scheme its rules see
    probes.py       the requests that are sent: some for each rule, all of them safe
    live_client.py  sends them, slowly, and reads no more of a response than it needs
    differences.py  status, redirect, body and headers against the decision
    checking.py     `check`: sends the probes, and gathers what was found
    report_text.py  for a terminal
    report_data.py  as plain data

Example:
    >>> from prefetchrouter import Router, RuleSet
    >>> router = Router().match("/old", lambda route: route.redirect("/new"))
    >>> site = LiveSite.of("https://www.shop.example", RuleSet(rules=router.rules))
    >>> for probe in probes(RuleSet(rules=router.rules), site):
    ...     print(probe.kind, probe.request.url)
    page https://www.shop.example/old
    redirected prefetch https://www.shop.example/old?edgio_prefetch=1

`docs/deploy-check.md` shows the command.
"""

from prefetchrouter.live_check.checking import LiveReport, check
from prefetchrouter.live_check.live_client import LiveClient, LiveResponse
from prefetchrouter.live_check.live_site import LiveSite
from prefetchrouter.live_check.probes import Probe, probes

__all__ = ["LiveClient", "LiveReport", "LiveResponse", "LiveSite", "Probe", "check", "probes"]
