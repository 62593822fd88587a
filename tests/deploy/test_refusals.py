import pytest

from sevenlessons.deploy.refusals import Refused, megabytes


def test_a_refusal_is_its_sentence():
    refused = Refused(413, "Too large.")
    assert str(refused) == refused.sentence == "Too large."
    assert refused.headers == {}


@pytest.mark.parametrize(("seconds", "text"), [(0, "1"), (2.1, "3")])
def test_seconds_to_wait_are_whole_and_at_least_one(seconds, text):
    refused = Refused(503, "Busy.", retry_after=seconds)
    assert refused.headers == {"Retry-After": text}


@pytest.mark.parametrize(
    ("size", "text"),
    [(999, "999 bytes"), (20_000, "0.02 MB"), (12_340_000, "12.34 MB")],
)
def test_sizes_in_words(size, text):
    assert megabytes(size) == text
