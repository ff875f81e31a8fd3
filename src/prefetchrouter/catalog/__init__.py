"""The catalogue: what is known of each feature, operator and variable, and the keys that lead to values.

    >>> from prefetchrouter import Request, Router, evaluate
    >>> from prefetchrouter.catalog import FEATURES, caching
    >>> router = Router().match("/pages/:id", caching={"max_age": "1h", "bypass_cache": False})
    >>> decision = evaluate(router, Request("/pages/1"))
    >>> decision.get(caching.bypass_cache), decision.get(caching.max_age.entry(200))
    (False, '1h')
    >>> FEATURES[caching.bypass_cache].summary
    'Goes to the origin every time; the edge stores nothing.'

Each is described in one place, and all else is derived from it::

    rules/features/*.py        -> FEATURES            merging, the manifest's list, docs/features.md
                               -> catalog/keys.py     caching.max_age, ...: generated, typed
                               -> rules/typed/*.py    what editors complete: generated
    rules/operators.py         -> OPERATORS           checks, meaning, sentences, opposites
    rules/variable_tables.py   -> all_variables()     what conditions may ask about
    FEATURES and OPERATORS     -> browser/src/core/catalog.ts: generated

Its modules:

    key.py            Key, and the keys of what is merged name by name
    keys.py           one key for each feature, generated
    feature_specs.py  FEATURES, read from the models; keys from text
"""

from prefetchrouter.catalog.feature_specs import FEATURES, FeatureSpec, feature_of, key_of, stops_prefetching
from prefetchrouter.catalog.key import HeaderKey, Key, NamedKey, StatusKey
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
from prefetchrouter.rules.operators import OPERATORS, OperatorSpec
from prefetchrouter.rules.variables import VariableSpec, all_variables

__all__ = [
    "FEATURES",
    "OPERATORS",
    "FeatureSpec",
    "HeaderKey",
    "Key",
    "NamedKey",
    "OperatorSpec",
    "StatusKey",
    "VariableSpec",
    "access",
    "all_variables",
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
    "stops_prefetching",
    "url",
]
