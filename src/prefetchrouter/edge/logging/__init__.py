"""What happened to requests: the request log, terminal lines, redacted secrets.

Its modules:

    exchange.py    a request, what happened to it, and what went back
    request_log.py     the last of them, and counters     entry_data.py  one of them as plain data
    lines.py       one of them as a line              rule_lines.py  the lines of rules, in short
    secrets.py     secrets of headers and keys        masking.py     what may hold a secret
    printer.py     prints without holding up the edge
    line_writer.py writes every line, in a thread     access_log.py  a complete log in a file
"""
