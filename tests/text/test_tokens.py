import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.data import reviews
from sevenlessons.data.cache import is_present
from sevenlessons.text.tokens import join_tokens, tokenize

CASES = {
    "Effective but too tepid biopic": "effective but too tepid biopic",
    "It's n't": "it 's n't",
    "Don\u2019t! Can't, won't.": "do n't ! ca n't , wo n't .",
    "they've you're he'll I'm she'd": "they 've you 're he 'll i 'm she 'd",
    "the ''Conan'' of today": "the '' conan '' of today",
    "the Coens' film": "the coens ' film",
    "1,000 films in 2.5 years": "1,000 films in 2.5 years",
    "at 20:15, in 1999.": "at 20:15 , in 1999 .",
    "the 1980s, 3D": "the 1980s , 3d",
    "wait....... what?!": "wait ....... what ? !",
    "wit... ok": "wit ... ok",
    "co-writer/director": "co - writer / director",
    "clichés, Almodóvar": "clichés , almodóvar",
    "so  good\n\tfilm": "so good film",
    "snake_case a*b": "snake _ case a * b",
    "rock'n'roll": "rock ' n ' roll",
    "'n't": "' n't",
    "": "",
    "   ": "",
}


@pytest.mark.parametrize("text", CASES)
def test_golden_cases(text):
    assert tokenize(text) == CASES[text].split()


@settings(deadline=None)  # machines differ
@given(st.text())
def test_nothing_but_white_space_is_lost(text):
    tokens = tokenize(text)
    assert all(tokens) and not any(t for t in tokens if t.split() != [t])
    straight = text.lower().replace("\u2019", "'").replace("\u2018", "'")
    assert "".join(tokens) == "".join(straight.split())


WORDS = st.sampled_from(
    "a film 's n't is good bad , . ! ... ( ) 7 1,000 ? 're % $ - é".split()
)


@settings(deadline=None)  # machines differ
@given(st.lists(WORDS))
def test_a_line_to_read_is_cut_into_the_same_words(tokens):
    line = join_tokens(tokens)
    assert "".join(tokenize(line)) == "".join(tokens)


@pytest.mark.parametrize(
    "line",
    [
        "it isn't bad (at all).",
        "he's right, they're not!",
        "100% fun; 7 of 10...",
        "it costs $7.",
    ],
)
def test_back_to_a_line(line):
    assert join_tokens(tokenize(line)) == line


def test_wrong_kinds_are_refused():
    with pytest.raises(TypeError, match="must be one text, got list"):
        tokenize(["a", "b"])
    with pytest.raises(TypeError, match="list of tokens, got one text"):
        join_tokens("a film")


@pytest.mark.skipif(
    not is_present("movie_sentences"),
    reason="the sentences are not in the cache: "
    "python -m sevenlessons data movie_sentences",
)
def test_real_sentences_come_back_as_they_were():
    texts = reviews.load()["text"][:2000]
    same = 0
    for text in texts:
        tokens = tokenize(text)
        again = tokenize(join_tokens(tokens))
        same += again == tokens
    assert same / len(texts) > 0.98
