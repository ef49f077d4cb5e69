"""What the plain edition says."""

from __future__ import annotations

from typing import Final

from sellersheet.wording import Wording

WORDS: Final = Wording("sellersheet_workbook.plain", "words.toml")
