"""What is said about an import of order exports."""

from __future__ import annotations

from typing import Final

from sellersheet.wording import Lang, Problem, Wording

WORDS: Final = Wording("sellersheet_workbook.orders_import", "words.toml")


class ImportProblem(Problem):
    """An export that can't be imported, or something about one that has to be known.

    A field may be a problem itself, or several; they are said in the same language.
    """

    wording = WORDS

    def text(self, lang: Lang) -> str:
        said = {name: _said(field, lang) for name, field in self.fields.items()}
        return self.wording(self.code, lang, **said)


def _said(field: object, lang: Lang) -> object:
    if isinstance(field, tuple):
        return "\n".join(str(_said(item, lang)) for item in field)
    return field.text(lang) if isinstance(field, Problem) else field
