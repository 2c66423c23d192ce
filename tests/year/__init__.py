"""A year of Paperglot in minutes: `python -m tests.year`. The clock is moved, arXiv is a replica on this machine, the
verbs are called as functions, and nobody lends a hand."""
