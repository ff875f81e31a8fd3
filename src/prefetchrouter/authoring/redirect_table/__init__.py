"""Tables of redirects: files of thousands of lines, or pairs given in Python, as plain rules.

    redirects.csv, _redirects, {"/old": "/new"}
        table_files.py      the text of a file, or why it cannot be read
        csv_lines.py        \\
        netlify_lines.py     }-> table_line.py: what a line says, as text
        given_lines.py      /
        table_redirects.py  TableRedirect: checked, with a condition and a destination
        shadowed_lines.py   warnings about lines that never act
        table_rules.py      the rules, in reverse order: of rules the last wins, of lines the first

Every line keeps its own place, so a message about it names the table's file and line.
"""

from prefetchrouter.authoring.redirect_table.table_rules import table_rules

__all__ = ["table_rules"]
