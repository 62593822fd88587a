import time
import unicodedata

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data import reviews
from sevenlessons.data.cache import ensure, is_present
from sevenlessons.text.wordpiece import WordPiece

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
SMALL = WordPiece(
    [*SPECIAL, "un", "##watch", "##able", "u", "##n", "watch", "!", "a", "##a"]
)
NASTY = [
    "",
    "   \t\n ",
    "Œuvre naïve: 3.5 stars!",
    "ÉCOLE Ångström İstanbul",
    "ΟΔΥΣΣΕΥΣ ΣΑΣ",  # a final sigma stays what letter by letter gives
    "don't re-watch co-writer/director",
    "日本の映画 is 很好",
    "한국 영화",
    "a\u200bb\u00adc\x00d\ufffde\x85f",  # characters nobody sees
    "no\u00a0break\u2028line\u3000wide",
    "$5 + 3 = <8> ^^ `x` |y| ~z",
    "“quoted” \u2013 dash … ¿qué?",
    "😀 good 👍🏽 film",
    "x" * 100,
    "x" * 101,
    "e\u0301 and é",
    "ﬁne ½ ² ①",
    "\ud7ff\ue000",
    "##able ##",
    "[UNK",
]

needs_files = pytest.mark.skipif(
    not is_present("minilm_l6"), reason="the data set minilm_l6 is not here"
)


@pytest.fixture(scope="module")
def real():
    return WordPiece.from_file(ensure("minilm_l6") / "vocab.txt")


@pytest.fixture(scope="module")
def reference():
    tokenizers = pytest.importorskip("tokenizers")
    path = ensure("minilm_l6") / "vocab.txt"
    return tokenizers.BertWordPieceTokenizer(path.as_posix(), lowercase=True)


@needs_files
@pytest.mark.parametrize("text", NASTY)
def test_equals_the_reference_on_nasty_cases(real, reference, text):
    assert real.numbers(text) == reference.encode(text).ids


@needs_files
@pytest.mark.skipif(
    not is_present("movie_sentences"), reason="movie_sentences is not here"
)
def test_equals_the_reference_on_all_review_sentences(real, reference):
    texts = reviews.load()["text"].tolist()
    expected = [found.ids for found in reference.encode_batch(texts)]
    assert [real.numbers(text) for text in texts] == expected


@needs_files
def test_equals_the_reference_on_every_character_of_latin_greek_cyrillic(
    real, reference
):
    # Beyond, the reference knows an older Unicode than Python does.
    for code in [
        *range(0x500),
        *range(0x2000, 0x2070),
        *range(0x4E00, 0x5000),
    ]:
        text = f"a{chr(code)}b"
        expected = reference.encode(text, add_special_tokens=False).tokens
        assert real.tokenize(text) == expected, hex(code)


@needs_files
@given(st.text(alphabet=st.characters(max_codepoint=0x4FF), max_size=60))
def test_equals_the_reference_on_any_text(text):
    tokenizers = pytest.importorskip("tokenizers")
    path = (ensure("minilm_l6") / "vocab.txt").as_posix()
    if "both" not in _KEPT:
        _KEPT["both"] = (
            WordPiece.from_file(path),
            tokenizers.BertWordPieceTokenizer(path, lowercase=True),
        )
    ours, theirs = _KEPT["both"]
    if any(special in text for special in [*SPECIAL, "[MASK]"]):
        return
    assert ours.numbers(text, max_length=512) == theirs.encode(text).ids


_KEPT = {}


@needs_files
def test_the_special_numbers_are_those_of_bert(real):
    assert len(real) == 30_522
    assert (real.padding, real.unknown, real.start, real.end) == (
        0,
        100,
        101,
        102,
    )


@needs_files
def test_a_text_cannot_smuggle_special_pieces_in(real):
    numbers = real.numbers("a [SEP] b [CLS] [PAD]")
    assert numbers.count(real.end) == 1
    assert numbers.count(real.start) == 1
    assert real.padding not in numbers


def test_the_longest_piece_first():
    assert SMALL.pieces("unwatchable") == ["un", "##watch", "##able"]
    assert SMALL.pieces("un") == ["un"]
    assert SMALL.pieces("watchx") == ["[UNK]"]


def test_a_word_of_a_hundred_letters_is_cut_and_a_longer_one_unknown():
    assert SMALL.pieces("a" * 100) == ["a"] + ["##a"] * 99
    assert SMALL.pieces("a" * 101) == ["[UNK]"]


def test_an_empty_text_has_a_start_and_an_end():
    assert SMALL.numbers("") == [SMALL.start, SMALL.end]
    assert SMALL.tokenize("") == []


def test_a_text_is_cut_at_the_maximum_and_still_ends():
    assert SMALL.numbers("a a a a a", max_length=4) == [2, 11, 11, 3]
    assert SMALL.numbers("a a", max_length=4) == [2, 11, 11, 3]
    assert SMALL.numbers("a", max_length=2) == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 10**6,
        "a " * 500_000,
        "é!" * 500_000,
        "a" + "\u0300\u0316" * 500_000,  # NFD of the whole sorts these
    ],
)
def test_a_million_characters_take_no_more_than_seconds(text):
    start = time.process_time()
    assert len(SMALL.numbers(text)) <= 256
    assert time.process_time() - start < 5  # 0.03 s when this was written


def test_a_batch_is_padded_to_the_longest():
    expected = [[2, 11, 3, 0], [2, 11, 11, 3]]
    assert SMALL.batch(["a", "a a"]).tolist() == expected
    assert SMALL.batch([""]).dtype == torch.long
    assert SMALL.pad([[2, 3], [2]], multiple=4).tolist() == [
        [2, 3, 0, 0],
        [2, 0, 0, 0],
    ]


def test_bad_input_is_named():
    with pytest.raises(TypeError, match="got int; for several use batch"):
        SMALL.tokenize(3)
    with pytest.raises(TypeError, match="got one text: 'a film'; put it int"):
        SMALL.batch("a film")
    with pytest.raises(ValueError, match="no text was given"):
        SMALL.batch([])
    with pytest.raises(ValueError, match=r"max_length must be .* got 1"):
        SMALL.numbers("a", max_length=1)
    with pytest.raises(ValueError, match="got 'a' more often"):
        WordPiece([*SPECIAL, "a", "b", "a"])
    with pytest.raises(ValueError, match=r"lacks \[CLS\], \[SEP\]; pass all"):
        WordPiece(["[PAD]", "[UNK]"])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"expected the vocab\.txt"):
        WordPiece.from_file(tmp_path / "vocab.txt")


def test_a_file_with_and_without_a_last_line_break(tmp_path):
    for name, end in (("with", "\n"), ("without", "")):
        path = tmp_path / name
        path.write_text("\n".join([*SPECIAL, "a"]) + end, encoding="utf-8")
        assert WordPiece.from_file(path).tokens == [*SPECIAL, "a"]


def test_accents_in_any_order_are_dropped_as_by_nfd():
    texts = [chr(c) for c in range(0x3100) if not 0xD800 <= c < 0xE000]
    texts += ["a\u0316\u0300b", "\u1e69\u0323x", "\uac01\u11a8", "\u212b"]
    for text in texts:
        whole = unicodedata.normalize("NFD", f"a{text}b")
        assert WordPiece.words(f"a{text}b") == WordPiece.words(whole)
