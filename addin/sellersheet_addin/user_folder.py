"""Where the add-ins keep what they know about this user: one folder, found in one way."""

from __future__ import annotations

import os
from pathlib import Path


def user_folder() -> Path:
    """``SELLERSHEET_HOME`` if set, else ``.sellersheet`` in the user's home folder."""
    given = os.environ.get("SELLERSHEET_HOME")
    return Path(given) if given else Path.home() / ".sellersheet"
