"""What can be wrong with the tables of an update, in words."""

from __future__ import annotations

from typing import Final

from sellersheet.wording import Lang, Problem, Wording

WORDS: Final = Wording("sellersheet_workbook.update", "update.toml")


class UpdateProblem(Problem):
    """Tables that can't be updated; nothing was written."""

    wording = WORDS

    def text(self, lang: Lang) -> str:
        said = {
            name: field.text(lang) if hasattr(field, "text") else field
            for name, field in self.fields.items()
        }
        if table := said.get("table"):
            said["table"] = WORDS(f"table_{table}", lang)
        return self.wording(self.code, lang, **said)
