"""oletools' reader of VBA, which with newer versions of its own libraries warns on import."""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools.olevba import VBA_Parser, decompress_stream

__all__ = ["decompress_stream", "texts"]


def texts(data: bytes) -> dict[str, str]:
    """The text of every module by its file name, in the order of the project."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return {name: text for _, _, name, text in VBA_Parser("any", data=data).extract_macros()}
