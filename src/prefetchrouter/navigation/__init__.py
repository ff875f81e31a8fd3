"""Where visitors go next, learned from access logs: which links to prefetch first, and which not at all.

    >>> import tempfile
    >>> line = '10.0.0.{0} - - [17/May/2015:10:0{1}:03 +0000] "GET {2} HTTP/1.1" 200 20 "-" "Firefox"'
    >>> steps = ["/", "/products/7", "/cart"]
    >>> log = "".join(f"{line.format(who, n, page)}\\n" for who in range(9) for n, page in enumerate(steps))
    >>> with tempfile.NamedTemporaryFile("w") as file:
    ...     _ = file.write(log), file.flush()
    ...     navigation = learn([file.name])
    >>> navigation.after("/")
    (Next(url='/products/7', p=0.6428571428571429, visitors=9, cached=1.0),)
    >>> navigation.after("/").covers("/products/:id")
    True

Nine of nine went on, and yet p is not 1: a probability is shrunk towards "none of the known links" by as much
as five views without a step would do. So what two visitors did says little, and what fewer than three did is
not listed at all.

    access logs ──LogFile──► LogLine ──TrafficReader──► View ──visits_of──► Visit ──count_visits──┐
      any format           one request     filters     visitor, page      no long break            ▼
    tables of counts ─────────────────────────────────read_counts────────────────────────────► Counts
                                                                                        they add up │
    rules ──► RuleSite: which URLs are one page, which may be listed, patterns, max_age ──┐         ▼
                                                                                          └► Transitions
    held-out visits ──► Replay: order, threshold for a budget, figures ──┐      probabilities │
                                                                         ▼                    ▼
                                                        navigation.json ◄─────────────── Navigation

The modules, in the order of their imports:

    bulk.py                          millions of objects
    log_facts.py                     robots, assets, names of fields: data alone
    log_line.py, log_times.py        a request as any log has it
    quoted_lines.py, field_lines.py  the formats
    log_files.py                     opens a file and finds its format
    pages.py, patterns.py            which page a URL is, and what pages have in common
    private_pages.py                 what a URL must not give away
    learned_site.py                  what the site's rules say about pages
    traffic.py, visits.py            views, visits, and why other lines are dropped
    fast_lines.py, reading.py        reads logs into views, large ones with DuckDB
    counts.py, counts_file.py        views and steps, counted; the table that keeps them
    transitions.py, ranking.py       the model; the order of a page's links
    likely_links.py                  how likely each link is opened, on any page
    held_out.py                      tries a model on visits that it has not learned from
    navigation_parts.py,             `Navigation`, and navigation.json
      navigation_json.py,
      navigation_file.py
    model_data.py, noise.py          a model as data; counts with noise
    learning.py                      all of it: `learn`
    learned_text.py                  the report of the command
    for_pages.py, next_pages.py      what pages and `explain` get of it

The addresses of visitors are in memory while logs are read, and nowhere else.
"""

from prefetchrouter.navigation.for_pages import for_pages
from prefetchrouter.navigation.learning import learn
from prefetchrouter.navigation.navigation_file import Navigation
from prefetchrouter.navigation.navigation_parts import Next, NextPages
from prefetchrouter.navigation.transitions import Link

__all__ = ["Link", "Navigation", "Next", "NextPages", "for_pages", "learn"]
