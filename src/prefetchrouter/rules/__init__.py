"""The model: what a rule set is, as typed, frozen data that knows none of its readers."""
