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

Each part parses and validates its JSON: an error names the line of the user's file, what was expected and a
cure. What a rule means for a request is in `prefetchrouter.evaluation`.
"""
