"""What is said about an import of order exports."""

from __future__ import annotations

from typing import Final

from sellersheet.wording import Lang, Problem, Wording

WORDS: Final = Wording("sellersheet_workbook.orders_import", "words.toml")


class ImportProblem(Problem):
    """An export that can't be imported, or something about one that has to be known.

    A field may be a problem itself; it is said in the same language.
    """

    wording = WORDS

    def text(self, lang: Lang) -> str:
        said = {
            name: field.text(lang) if isinstance(field, Problem) else field
            for name, field in self.fields.items()
        }
        return self.wording(self.code, lang, **said)
