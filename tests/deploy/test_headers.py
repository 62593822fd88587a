import pytest

from sevenlessons.deploy.headers import SecurityHeaders, content_policy


def test_nothing_from_elsewhere_and_nothing_inline():
    policy = dict(x.split(" ", 1) for x in content_policy().split("; "))
    assert policy["default-src"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in content_policy()


@pytest.mark.parametrize(
    "sites", ["'self'", "https://example.org https://example.com"]
)
def test_sites_that_may_show_it_in_a_frame(sites):
    assert f"; frame-ancestors {sites}" in content_policy(sites)


@pytest.mark.parametrize(
    "sites", ["", "*", "example.org", "https://a; script-src *", "'none' *"]
)
def test_anything_else_is_refused(sites):
    with pytest.raises(ValueError, match="frame_ancestors must be"):
        content_policy(sites)


def test_old_browsers_are_told_only_when_nobody_may():
    assert "X-Frame-Options" in SecurityHeaders(None).headers
    assert "X-Frame-Options" not in SecurityHeaders(None, "'self'").headers
