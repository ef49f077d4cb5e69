"""What can be wrong with a policy, said in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from sellersheet.wording import Lang, Problem, Wording

PROBLEMS = Wording("sellersheet.policy", "problems.toml")


class Said(NamedTuple):
    """A part of a sentence that has its own words in each language."""

    code: str
    fields: dict[str, object]

    def text(self, lang: Lang) -> str:
        """The words in the language asked for."""
        return PROBLEMS(self.code, lang, **_in(self.fields, lang))


def said(code: str, /, **fields: object) -> Said:
    """Short for ``Said``."""
    return Said(code, fields)


_SHOWN = 80  # characters of what was found


class PolicyProblem(Problem):
    """A policy file or a row of the user's own values cannot be used; names where and why."""

    wording = PROBLEMS

    def text(self, lang: Lang) -> str:
        """The sentence in the language asked for."""
        return self.wording(self.code, lang, **_in(self.fields, lang))


class NoRule(PolicyProblem):
    """No rule is on record for that day: it lies before the first start."""


class Unfit(ValueError):
    """A value that does not fit its kind, before it is known where it stands."""

    def __init__(self, wrong: Said, allowed: Said, seen: object, at: str = "") -> None:
        super().__init__(wrong.code)
        self.wrong = wrong
        self.allowed = allowed
        self.seen = seen
        self.at = at

    def under(self, at: str) -> Unfit:
        """The same, one level further out."""
        between = "." if at and self.at and not self.at.startswith("[") else ""
        return Unfit(self.wrong, self.allowed, self.seen, f"{at}{between}{self.at}")

    def problem(self, file: object, key: object) -> PolicyProblem:
        """The problem shown to people; ``key`` may be words of its own."""
        if isinstance(key, str):
            key = self.under(key).at
        seen = repr(self.seen[:_SHOWN]) if isinstance(self.seen, str) else _written(self.seen)
        return PolicyProblem(
            "unfit", file=file, key=key, wrong=self.wrong, seen=seen[:_SHOWN], allowed=self.allowed
        )


def _written(seen: object) -> str:
    """A number of thousands of digits has no decimal form in Python."""
    too_long = isinstance(seen, int) and seen.bit_length() > 1_000
    return f"{hex(seen)[:_SHOWN]}" if isinstance(seen, int) and too_long else str(seen)


def listed(words: Iterable[object]) -> str:
    """Words in a row, for lists of keys."""
    return ", ".join(str(word) for word in words)


def from_pydantic(
    error: ValidationError, model: type[BaseModel], file: object, key: str = ""
) -> PolicyProblem:
    """The first complaint of pydantic in plain words."""
    errors = error.errors(include_url=False)
    # A misspelt key is also a missing one: the misspelling helps more.
    first = next((one for one in errors if one["type"] == "extra_forbidden"), errors[0])
    place = list(first["loc"])
    inner = (first.get("ctx") or {}).get("error")
    if isinstance(inner, Unfit):
        return inner.under(_dotted(place)).problem(file, key)
    code, allowed, seen = first["type"], said("any"), first["input"]
    if code == "extra_forbidden":
        wrong, allowed = said("unknown_key"), said("keys", keys=listed(_keys(model, place)))
        seen = place[-1]
    elif code == "missing":
        wrong, allowed = said("missing"), said("keys", keys=listed(_keys(model, place)))
        seen = said_nothing
    elif code == "literal_error":
        expected = str(first["ctx"]["expected"]).replace(" or ", ", ")
        wrong, allowed = said("not_offered"), said("one_of", words=expected)
    else:
        wrong = said(_PLAIN.get(code, "not_understood"))
        allowed = said(_NEEDED.get(code, "any"))
    if seen is said_nothing:
        where = ".".join(filter(None, (key, _dotted(place))))
        return PolicyProblem("unfit_absent", file=file, key=where, wrong=wrong, allowed=allowed)
    return Unfit(wrong, allowed, seen, _dotted(place)).problem(file, key)


said_nothing = object()

_PLAIN = {
    "decimal_parsing": "not_decimal",
    "decimal_type": "not_decimal",
    "string_type": "not_text",
    "string_too_short": "blank",
    "list_type": "not_list",
    "tuple_type": "not_list",
    "too_short": "blank",
    "dict_type": "not_table",
    "model_type": "not_table",
    "model_attributes_type": "not_table",
}
_NEEDED = {
    "string_type": "text_needed",
    "string_too_short": "text_needed",
    "list_type": "list_needed",
    "tuple_type": "list_needed",
    "too_short": "list_needed",
    "dict_type": "table_needed",
    "model_type": "table_needed",
    "model_attributes_type": "table_needed",
}


def _in(fields: dict[str, object], lang: Lang) -> dict[str, object]:
    """The fields with the parts that have words of their own put into the language."""
    return {
        name: field.text(lang) if isinstance(field, Said) else field
        for name, field in fields.items()
    }


def _dotted(place: Iterable[int | str]) -> str:
    """``entries[2].start``: lists are counted from 1, as people do."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _keys(model: type[BaseModel], place: list[Any]) -> tuple[str, ...]:
    """The keys permitted where pydantic complained."""
    for part in place[:-1]:
        field = model.model_fields.get(part) if isinstance(part, str) else None
        model = (_model_in(field.annotation) if field else None) or model
    return tuple(model.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as ``tuple[Entry, ...]``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)
