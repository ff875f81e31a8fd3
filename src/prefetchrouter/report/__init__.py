"""How results are shown: tables and colour in a terminal, plain text or JSON otherwise."""
