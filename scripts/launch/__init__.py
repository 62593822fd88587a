"""Notebooks in plain Markdown, and the buttons that open them.

Readers open pages in Colab, in Binder and in Jupyter, none of which knows
MyST. So the notebooks that they get are made from the *resolved* page, where
no role and no directive is left, and not from its text.

Read in this order: `address` (what every link derives from), `markers`
(where the code cells stand), `context` (what a translation knows of its
page), `inline`, `tables` and `blocks` (from nodes to Markdown), `references`
(what the page cites), `cells` (Markdown and code in one list), `notebook`
(head, install cell, metadata), `raw` (the gate: no MyST is left), `files`
(what is written where), `branch` (what CI pushes for Colab and Binder),
`binder_memory` (does it fit?). `book/_ext/launch.py` calls all this while
the site is built.
"""
