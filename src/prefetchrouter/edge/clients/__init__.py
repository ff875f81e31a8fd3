"""Clients: sockets, sound requests, limits, HTTPS, and responses as bytes."""
