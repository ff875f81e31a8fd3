"""Reports: tables and colours in a terminal, plain text or JSON otherwise."""
