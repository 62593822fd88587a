"""Compare what the pages print with what they printed before, with nbval.

Bands judge measured numbers and assertions judge claims. This judges the
rest: shapes, counts and equality checks that a page prints, in the cells
tagged `nbval-check-output`. Their outputs of an earlier run are committed
under `tests/references/`; `pytest --nbval-lax` compares.

Read in this order: `references` (the committed files), `faults` (what no
comparison would notice), `prepare` (the notebooks that nbval gets), `replay`
(a kernel that gives the outputs of the published run), `plugin` (what nbval
lets pass and we do not), `judge` (pytest, and what it really compared),
`validate` (both passes), `__main__` (the command line).
"""
