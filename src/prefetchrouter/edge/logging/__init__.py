"""What happened to requests: the request log, terminal lines, redacted secrets.

Its modules:

    exchange.py    a request and its response
    request_log.py  the latest of them, counters  entry_data.py  one of them as plain data
    lines.py       one of them as a line              rule_lines.py  the lines of rules, in short
    secrets.py     secrets of headers and keys
    printer.py     prints without blocking the edge
    line_writer.py writes every line, in a thread     line_file.py   a file that lines are added to
    access_log.py  a complete log in a file
"""
