"""Execute the pages of the book once, judge the runs, publish those runs.

Read in this order: `layout` (which file is where), `pages` (from text to
cells), `keys` (when a run may be reused), `execute` (one kernel a page),
`gates` (what makes a page red), `prose` and `numbers` (typed figures where
measured ones are due), `results` (the ledger and its bands), `store` (files
that other programs read), `schedule` (which page first), `run` (all of it in
order), `site` (HTML from those same runs), `bundle` (the archives),
`repeat` (are two runs equal?), `__main__` (the command line).
"""
