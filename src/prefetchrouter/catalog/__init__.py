"""The catalogue: what is known of each feature, written once, and the keys that lead to their values.

    >>> from prefetchrouter import Request, Router, evaluate
    >>> from prefetchrouter.catalog import FEATURES, caching
    >>> router = Router().match("/pages/:id", caching={"max_age": "1h", "bypass_cache": False})
    >>> decision = evaluate(router, Request("/pages/1"))
    >>> decision.get(caching.bypass_cache), decision.get(caching.max_age.entry(200))
    (False, '1h')
    >>> FEATURES[caching.bypass_cache].summary
    'Goes to the origin every time; the edge stores nothing.'

A feature is described where its type is, as a field in `rules/features/`; all else is derived from it::

    rules/features/*.py -> features.py   FEATURES: phase, merging, manifest, summary, example
                           keys.py       caching.max_age, ...: generated, typed

Its modules:

    key.py         Key, and the keys of what is merged name by name
    keys.py        one key for each feature, generated
    features.py    FEATURES, read from the models; keys from text
"""

from prefetchrouter.catalog.features import FEATURES, FeatureSpec, feature_of, key_of
from prefetchrouter.catalog.key import HeaderKey, Key, NamedKey
from prefetchrouter.catalog.keys import (
    access,
    caching,
    client,
    edge_function,
    headers,
    logs,
    mtls,
    nel,
    origin,
    response,
    set_variables,
    url,
)

__all__ = [
    "FEATURES",
    "FeatureSpec",
    "HeaderKey",
    "Key",
    "NamedKey",
    "access",
    "caching",
    "client",
    "edge_function",
    "feature_of",
    "headers",
    "key_of",
    "logs",
    "mtls",
    "nel",
    "origin",
    "response",
    "set_variables",
    "url",
]
