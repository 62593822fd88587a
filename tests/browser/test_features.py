"""What a reader does with the site, by mouse, by keyboard, from a folder."""

import json

import pytest
from scripts.launch.address import load_site
from scripts.sitecheck.keyboard import invisible_focus
from scripts.sitecheck.visit import shown

from .conftest import ROOT

pytestmark = pytest.mark.browser

CODE = "book/lesson1/classify.html"
MATH = "book/lesson1/anything.html"
TERM = "transfer learning"


def search(tab, address):
    """Search for TERM by keyboard; return the pages found."""
    tab.goto(f"{address}search.html")
    field = tab.locator(".bd-search-container input[type=search]")
    field.press_sequentially(TERM)
    field.press("Enter")
    tab.wait_for_selector("#search-results ul.search li a")
    tab.wait_for_selector("#search-results .search-summary:has-text('found')")
    links = tab.locator("#search-results ul.search li > a")
    return [link.get_attribute("href") for link in links.all()]


def follow(tab, found):
    """Go to the page that has TERM; it has it."""
    assert any(CODE in link for link in found)
    with tab.expect_navigation():
        tab.locator(f"#search-results a[href*='{CODE}']").first.click()
    assert TERM in tab.locator("article").inner_text()


def test_the_search_finds_a_term(tab, home):
    found = search(tab, home)
    follow(tab, found)


def test_nothing_is_found_where_nothing_is(tab, home):
    tab.goto(f"{home}search.html?q=zxqvbnm")
    said = tab.locator("#search-results .search-summary")
    said.wait_for()
    assert "did not match any documents" in said.inner_text()


def test_ctrl_k_opens_the_search(tab, home):
    shown(tab, home + CODE)
    assert not tab.locator("#pst-search-dialog").is_visible()
    tab.keyboard.press("Control+k")
    assert tab.locator("#pst-search-dialog").is_visible()
    tab.keyboard.type(TERM)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#search-results ul.search li a")


def test_the_first_stop_skips_to_the_text(tab, home):
    shown(tab, home + CODE)
    tab.keyboard.press("Tab")
    focus = tab.locator(":focus")
    assert focus.inner_text() == "Skip to main content"
    focus.press("Enter")
    assert tab.url.endswith("#main-content")


def test_one_always_sees_the_focus_and_is_never_caught(tab, home):
    for page in ("book/start/study.html", "book/back/results.html"):
        shown(tab, home + page)
        faults, stops = invisible_focus(tab)
        assert faults == []
        assert stops > 20


def test_a_folded_solution_opens_with_enter(tab, home):
    shown(tab, home + CODE)
    box = tab.locator(".solution.dropdown").first
    button = box.locator("button.toggle-button")
    text = box.locator("pre").first
    assert not text.is_visible()
    assert button.get_attribute("aria-expanded") == "false"
    button.focus()
    tab.keyboard.press("Enter")
    text.wait_for(state="visible")
    assert button.get_attribute("aria-expanded") == "true"


def test_hidden_code_opens_with_enter(tab, home):
    shown(tab, home + CODE)
    box = tab.locator("details.hide").first
    code = box.locator("pre").first
    assert not code.is_visible()
    box.locator("summary").focus()
    tab.keyboard.press("Enter")
    code.wait_for(state="visible")


def test_the_results_sort_with_enter(tab, home):
    shown(tab, home + "book/back/results.html")
    values = "[...document.querySelectorAll('tbody tr td:first-of-type')]"
    values += ".map(cell => Number(cell.dataset.sort))"
    before = tab.evaluate(values)
    assert len(before) > 3
    button = tab.locator("th button", has_text="value")
    button.focus()
    tab.keyboard.press("Enter")
    assert tab.evaluate(values) == sorted(before)
    tab.keyboard.press("Enter")
    assert tab.evaluate(values) == sorted(before, reverse=True)
    head = tab.locator("th[aria-sort]")
    assert head.get_attribute("aria-sort") == "descending"
    assert head.inner_text() == "value"


def test_the_colours_are_the_readers_choice(chromium, home):
    context = chromium.new_context(color_scheme="light")
    tab = context.new_page()
    theme = "document.documentElement.dataset.theme"
    shown(tab, home + CODE)
    assert tab.evaluate(theme) == "light"
    tab.locator(".theme-switch-button").first.focus()
    for _ in range(3):
        if tab.evaluate(theme) != "dark":
            tab.keyboard.press("Enter")
    assert tab.evaluate(theme) == "dark"
    shown(tab, home + "book/index.html")
    assert tab.evaluate(theme) == "dark"
    context.close()


def test_copy_takes_the_code(tab, home):
    shown(tab, home + CODE)
    cell = tab.locator("div.cell_input").first
    cell.hover()
    cell.locator("button.copybtn").click()
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == cell.locator("pre").inner_text().strip()
    assert "import" in copied


def test_the_download_is_the_executed_notebook(tab, home):
    shown(tab, home + CODE)
    link = tab.locator("a.btn-download-notebook-button").first
    address = tab.evaluate("link => link.href", link.element_handle())
    assert address.startswith(home)
    notebook = json.loads(tab.request.get(address).text())
    assert notebook["nbformat"] == 4
    cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
    assert "import sevenlessons" in "".join(cells.pop(0)["source"])
    assert all(cell["execution_count"] for cell in cells)
    assert any(cell["outputs"] for cell in cells)


def test_launch_links_lead_where_the_book_lives_or_are_not_there(tab, home):
    site = load_site(ROOT / "book/site.toml")
    for page in ("book/index.html", CODE):
        shown(tab, home + page)
        links = tab.evaluate("[...document.links].map(link => link.href)")
        name = page.removeprefix("book/").removesuffix(".html")
        if site.repository:
            wanted = {site.colab(name), site.binder(name)}
            assert site.launchable == (wanted <= set(links))
            assert any(link.startswith(site.repository) for link in links)
            continue
        launch = ("colab.", "mybinder.", "/edit/", "/blob/", "/issues/new")
        assert [x for x in links if any(word in x for word in launch)] == []
        assert tab.locator(".dropdown-launch-buttons").count() == 0


def test_every_icon_has_its_drawing(tab, home):
    shown(tab, home + CODE)
    fonts = tab.evaluate(
        "[...document.fonts].filter(font => font.status === 'loaded')"
        ".map(font => [font.family, font.unicodeRange])"
    )
    ours = [span for family, span in fonts if "Awesome" in family]
    assert len(ours) == 1  # one small font, not the theme's whole one
    icons = tab.evaluate(
        "[...document.querySelectorAll('[class*=fa-]')].map(icon =>"
        " [icon.className, getComputedStyle(icon, '::before').content])"
    )
    assert len(icons) > 5
    for name, content in icons:
        assert f"U+{ord(content.strip(chr(34))):X}" in ours[0].upper(), name


def test_the_search_works_from_files(site, open_tab):
    home = site.as_uri() + "/"
    tab, faults = open_tab(home)
    follow(tab, search(tab, home))
    assert faults == []


def test_colours_and_formulas_work_from_files(site, open_tab):
    home = site.as_uri() + "/"
    tab, faults = open_tab(home)
    shown(tab, home + MATH)
    assert tab.locator("mjx-container").count() > 0
    theme = "document.documentElement.dataset.theme"
    seen = {tab.evaluate(theme)}
    tab.locator(".theme-switch-button").first.focus()
    for _ in range(3):
        tab.keyboard.press("Enter")
        seen.add(tab.evaluate(theme))
    assert seen == {"light", "dark"}
    assert faults == []
