import pytest

from sevenlessons.training.verdicts import REMEDIES, Diagnosis


@pytest.mark.parametrize(
    "answer, verdict",
    [
        (Diagnosis("too few epochs"), "too few epochs"),
        (Diagnosis(None), "healthy"),
        (Diagnosis(None, enough=False), "not enough to say"),
    ],
)
def test_the_verdict_in_words(answer, verdict):
    assert answer.verdict == verdict
    assert str(answer) == verdict


def test_as_text_each_sentence_has_a_line():
    text = str(Diagnosis("f", True, ("One.", "Two."), ("Three.",)))
    assert text.splitlines() == [
        "f",
        "  evidence: One.",
        "  evidence: Two.",
        "  remedy: Three.",
    ]


def test_each_fault_has_a_remedy():
    assert len(REMEDIES) == 4
    assert all(s.endswith(".") for lines in REMEDIES.values() for s in lines)
