"""What a browser can see of the built site, and what is wrong with it.

Each check takes a page of Playwright's sync API and returns faults in words,
none for a sound page. Read in this order: `server` (the site on a port of its
own), `visit` (open a page, note what fails), `axe` (accessibility rules),
`layout` (nothing sticks out), `dark` (what axe does not see at night),
`keyboard` (no mouse needed), `weight` (how much a first visit loads).
The tests in `tests/browser` show each check a sound and a broken page.
"""
