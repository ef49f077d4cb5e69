"""A workbook and the installed Python of different editions."""

import pytest

import sellersheet
from sellersheet.wording import LANGS
from sellersheet_addin.excel.edition import EditionProblem, edition, expect, is_newer


@pytest.mark.parametrize(
    ("book", "here", "newer"),
    [
        ("0.1.0 aaaaaaaa", "0.1.0 aaaaaaaa", False),
        ("0.1.0 aaaaaaaa", "0.2.0 bbbbbbbb", False),
        ("0.2.0 aaaaaaaa", "0.10.0 bbbbbbbb", False),
        ("0.2.0 bbbbbbbb", "0.1.0 aaaaaaaa", True),
        ("0.10.0 bbbbbbbb", "0.2.0 aaaaaaaa", True),
        # The same number with other functions: one of the two is a copy on its way.
        ("0.1.0 bbbbbbbb", "0.1.0 aaaaaaaa", True),
    ],
)
def test_which_is_newer(book: str, here: str, newer: bool) -> None:
    assert is_newer(book, here) is newer


def test_a_newer_book_is_refused_in_words() -> None:
    expect(edition())
    expect("0.0.1 00000000")
    with pytest.raises(EditionProblem) as problem:
        expect("99.0.0 00000000")
    for lang in LANGS:
        told = problem.value.text(lang)
        assert "99.0.0" in told
        assert sellersheet.__version__ in told
        assert "\n" not in told  # VBA shows the last line of what Python says
