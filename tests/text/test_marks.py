import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.text.marks import SPECIAL, mark, unmark

GOLDEN = {
    "I was SO happy": "i was xxup so happy",
    "Greaaat film!!!!": "xxmaj gre xxrep 3 a t film xxrep 4 !",
    "very very very dull": "xxwrep 3 very dull",
    "Very very very dull": "xxwrep 3 xxmaj very dull",
    "NO NO NO NO": "xxwrep 4 xxup no",
    "very very dull": "very very dull",
    "very, very, very": "very , very , very",
    "Didn't it? It's DON'T!": "xxmaj did n't it ? xxmaj it 's xxup do n't !",
    "A film. I, too": "a film . i , too",
    "McDonald in 3D, B2B": "xxmaj mcdonald in 3d , xxup b2b",
    "and/or #1": "and / or # 1",
    "AAAH": "xxrep 3 a h",
    "1000 or 10,000": "1000 or 10,000",
    "wait... what": "wait xxrep 3 . what",
    "ok.. fine": "ok .. fine",
    "this &amp; that&#39;s": "this & that 's",
    "Tom &amp;amp; Jerry": "xxmaj tom & xxmaj jerry",
    "it#39;s #39;fine#39;": "it # 39 ; s ' fine # 39 ;",
    "one<br />two<BR>three": "one two three",
    "  so \t good \n": "so good",
    "xxbos XXUP of xxrep": "xxunk xxunk of xxunk",
    "aaaxxbos": "xxrep 3 a xxunk",
    "\u00c9COLE \u00c9t\u00e9": "xxup \u00e9cole xxmaj \u00e9t\u00e9",
    "don\u2019t": "do n't",
    "\u4f60\u597d": "\u4f60\u597d",
    "!!! ---": "xxrep 3 ! xxrep 3 -",
    "": "",
    " \n": "",
}


@pytest.mark.parametrize("text", GOLDEN)
def test_golden_cases(text):
    assert mark(text) == ["xxbos", *GOLDEN[text].split()]


def test_the_special_tokens_have_their_places():
    expected = "xxunk xxpad xxbos xxfld xxmaj xxup xxrep xxwrep"
    assert " ".join(SPECIAL) == expected


LINES = [
    "The film isn't bad (at all).",
    "He was SO happy!!!! It's fun, they're right.",
    "No no no, never: 100% of $7.50?",
    "Wait.... What?",
    "xxunk of the day",
    "",
]


@pytest.mark.parametrize("line", LINES)
def test_the_way_back(line):
    assert unmark(mark(line)) == line


def test_what_the_way_back_loses():
    given = "I say: greaaat  McGuffin , e.g. this"
    assert unmark(mark(given)) == "i say: gre aaa t Mcguffin, e. g. this"


@settings(deadline=None)  # machines differ
@given(st.text())
def test_any_text_has_tokens_without_white_space(text):
    tokens = mark(text)
    assert tokens[0] == "xxbos" and tokens.count("xxbos") == 1
    assert all(token.split() == [token] for token in tokens)
    assert "xxpad" not in tokens and "xxfld" not in tokens
    unmark(tokens)


@settings(deadline=None)  # machines differ
@given(st.lists(st.sampled_from([*SPECIAL, "film", "3", "!", "i", "\u00b2"])))
def test_a_model_may_write_marks_anywhere(tokens):
    line = unmark(tokens)
    assert not any(token in line for token in SPECIAL[1:])


def test_a_model_cannot_ask_for_too_much():
    assert len(unmark(["xxrep", "9" * 4000, "ha"])) <= 2_000_000
    assert len(unmark(["xxwrep", "9" * 4000, "ha"])) <= 2_000_000


@pytest.mark.parametrize(
    "piece",
    "a,ab,a ,film ,1.,<,&,amp;,<br,',!? ,&lt;,N'T,x1,\n,\u0130,xxrep ".split(
        ","
    ),
)
def test_a_million_characters_take_seconds(piece):
    text = (piece * 1_000_000)[:999_999] + "z"
    began = time.process_time()
    tokens = mark(text)
    unmark(tokens)
    assert time.process_time() - began < 10
    assert tokens[0] == "xxbos"


def test_wrong_kinds_are_refused():
    with pytest.raises(TypeError, match="must be one text, got list"):
        mark(["a film"])
    with pytest.raises(TypeError, match="must be one text, got float"):
        mark(float("nan"))
    with pytest.raises(TypeError, match="list of tokens, got one text"):
        unmark("a film")
