"""Clients of the edge: valid requests in, responses out, within limits.

    socket -> Listener -> EdgeProtocol (parses HTTP/1.1) -> EdgeApp (ASGI) -> admit -> the edge
    socket <- LingeringTransport   <-   ResponseSender   <-   EdgeResponse   <-------/

Its modules:

    server.py       listens, drains on shutdown           listener.py          accepts connections
    protocol.py     one connection                        lingering.py         how responses are written
    head_checks.py  heads that are refused early          request_body.py      bodies of requests
    admission.py    which requests are accepted           sending.py           responses as ASGI messages
    asgi.py         from an ASGI scope to a request       response_headers.py  response headers as bytes
    certificate.py  certificates for HTTPS on localhost
"""
