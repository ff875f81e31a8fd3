"""Clients: sound requests in, responses out, within limits.

Its modules:

    server.py     listens, and stops without breaking off       protocol.py      one connection
    heads.py      heads that are refused before they are read   lingering.py     how responses are written
    admission.py  which requests are taken                      request_body.py  bodies of requests
    asgi.py       from a scope to a request, and back           sending.py       responses as messages
    wire.py       headers as bytes                              certificate.py   certificates for HTTPS
    listener.py   takes connections while there is room
"""
