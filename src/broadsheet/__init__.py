"""Broadsheet: the front page of research that you run yourself.

The folders, from the ground up; imports go down only:

client    asks a site from outside, over its API; for other programs
lib       clock, files, http, text: knows nothing of papers
domain    plain values: paper, signal, edition, pick
sources   ask one upstream each, or read one kind of file; yield records
store     keeps papers, signals, editions, jobs in the database
index     finds papers by their words
enrich    reads and embeds papers
rank      decides which paper stands where, and says why; never fetches
wiring    settings become objects here and nowhere else
deliver   pages, mail, feeds, the API
jobs      what runs by itself, and when
config    the table of settings; Django's own settings and addresses
cli       the broadsheet command
"""

import os

# Before numpy is loaded: small products gain nothing by a second thread, which waits busily for the next.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
