"""The model: rule sets as frozen data, independent of their readers.

A rule set is a list of rules; every rule that matches a request contributes its features, and where two set
the same feature the later one wins:

    >>> from prefetchrouter.rules.rule_set import RuleSet
    >>> rules = RuleSet.from_json([
    ...     {"caching": {"max_age": "1h"}},
    ...     {"if": [{"==": [{"request": "path"}, "/cart"]}, {"caching": {"bypass_cache": True}}]},
    ... ])
    >>> everywhere, cart = rules.rules
    >>> everywhere.features.caching.max_age
    '1h'
    >>> cart.branches[0].condition
    Comparison(operator='==', operands=(Variable(namespace='request', name='path'), '/cart'))

The parts, each composed of those below it:

    RuleSet                     the rules and the site around them (rule_set.py)
    ├── Property                name, origins, hostnames (property.py)
    └── Rule                    Apply | Chain | Group (rule.py)
        ├── Condition           comparisons, joined by and, or, not (conditions.py)
        │   ├── Variable        the part of a request to compare (variables.py, variable_tables.py)
        │   └── PathPattern     /pages/:id (pattern.py; pattern_parser.py, pattern_matcher.py)
        └── Features            what applies to the request (features/, a module for each section)
            └── Duration, Size, ...   values with units (duration.py, size.py)

Beside them:

    node.py                           the base of all parts: frozen, without extra fields
    frozen_data.py                    frozen data classes for the many small parts, made quickly
    rule_json.py, condition_json.py,  JSON, read and written; large rule sets are written as text
      rule_text.py
    rule_set_schema.py                its JSON Schema, for editors
    walk.py, rewrite.py               visitors that read or change nodes of any kind
    operators.py                      each operator of a comparison: operands, opposite
    facts.py                          what no request says, such as the visitor's country
    pattern_tokens.py, pattern_regex.py,      a path pattern in parts, as a regular expression, and
      pattern_errors.py, pattern_warnings.py    what is wrong or suspicious in it
    foreign_syntax.py                 patterns of other products, recognised
    servers.py, host_names.py,        origins and hosts of a property, with the names that rules may set
      origin_names.py
    property_settings.py, typed_property.py   a property's settings: their defaults, and as typed mappings
    quantity.py                       a number with its unit
    header_syntax.py                  valid names and values of headers
    feature_errors.py                 pydantic's errors as diagnostics

Each part parses and validates its JSON: an error names the line of the user's file, what was expected and a
cure. What a rule means for a request is in `prefetchrouter.evaluation`.
"""
