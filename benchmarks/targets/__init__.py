"""The rules on other engines: load, hits, refusals, sizes.

bars.py             what has to be reached
rich_rules.py       the rules that are measured
hand_written.py     what they are compared with
target_servers.py   both as processes
running.py          rounds of load
wrk.py              the load
case_figures.py     how many cases are equal
worker_figures.py   the runtime of the Worker
target_table.py     the table
"""
