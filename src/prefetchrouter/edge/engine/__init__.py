"""The edge itself, without sockets: plans, copies, shared fetches, responses."""
