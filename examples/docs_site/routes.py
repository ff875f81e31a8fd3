"""The rules of a documentation site: versions that never change, one that does, and pages that moved."""

from prefetchrouter import Origin, Property, Router

site = Property(
    name="kettle-docs",
    origins=[Origin(name="files", hosts=["docs-files.kettle.example"])],
    hostnames=["docs.kettle.example"],
)

router = (
    Router()
    .always(origin={"set_origin": "files"})
    .catch(404, caching={"max_age": {"404": "1m"}})
    # Readers go from page to page, and mostly to the next one: all of it is prefetched.
    .get("/", caching={"max_age": "10m", "service_worker_max_age": "10m"})
    .get("/latest/:path*", caching={"max_age": "10m", "service_worker_max_age": "10m"})
    # An old version gets no changes: a month at the edge, a day with the reader.
    .get("/v:version(\\d+)/:path*", caching={"max_age": "30d", "service_worker_max_age": "1d"})
    .get(
        "/v:version(\\d+)/:path*",
        lambda route: route.set_response_header("link", '</latest/>; rel="canonical"'),
    )
    # The names of these files contain a hash of their content.
    .get("/assets/:path*", caching={"max_age": "1y", "client_max_age": "1y", "service_worker_max_age": "1d"})
    # The index of the search is large, and fetched when somebody searches.
    .get("/search.json", caching={"max_age": "10m", "service_worker_max_age": "0s"})
    # Links from other sites: without a version, and to pages that moved.
    .match("/guide/:path*", lambda route: route.redirect("/latest/guide/:path*", 302))
    .match("/latest/guide/quickstart", lambda route: route.redirect("/latest/guide/first-cup", 301))
)
