"""Chaos: the whole of Paperglot as processes on real servers, day after day, while everything that can break does.

python -m tests.chaos --days 3 --faults 60 --seed 1

days        what arXiv announces on each simulated day, and who reads it        by seed
schedule    which fault comes when                                              by seed
replica     arXiv on this machine, and its moods
sinks       a mail server and a webhook that remember
clock       the simulated time of all processes (clocked/ gives it to them)
wires       the network between the machines and the servers, to be cut
servers     Debian's PostgreSQL and Redis, to be killed
processes   web, beat, workers, translators, to be killed and started again
system      all of these together; prepare.py fills its database
faults      what is done to them
driver      a day: turn the clock, inject, settle, check
checker     knows the tables and what was served, heard and computed; shares no code with the product
report      what happened, in figures
"""
