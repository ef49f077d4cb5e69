"""A reader of VBA that says what Excel's compiler would refuse, as far as text can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

LONGEST_LINE: Final = 1023
MOST_CONTINUATIONS: Final = 24
_OPENING: Final = (
    (r"(?:(?:public|private|friend) )?(?:static )?sub \w+", "sub"),
    (r"(?:(?:public|private|friend) )?(?:static )?function \w+", "function"),
    (r"if .+ then$", "if"),
    (r"for ", "for"),
    (r"do\b", "do"),
    (r"select case ", "select"),
    (r"with ", "with"),
)
_CLOSING: Final = (
    (r"end (sub|function|if|select|with)$", None),
    (r"next\b", "for"),
    (r"loop\b", "do"),
)
_WORDS: Final = frozenset(
    """
    and as boolean byref byval call case cverr const dim do each else elseif empty end error exit
    explicit false for function goto if in is isempty long loop mod new next not nothing object on
    option optional or paramarray preserve private public redim resume select set string sub then
    to true until variant wend while with date integer double err
    abs asc chr chrw clng cstr dir environ instr isarray iserror ismissing isobject join lbound
    left len lcase mid msgbox replace right space split trim typename ubound ucase vartype
    vbexclamation vbstring array activeworkbook application range thisworkbook workbooks
    iribboncontrol xlerrvalue
    declare ptrsafe lib longptr variant now datediff freefile open close print input output eof
    getattr step vbdirectory instrrev format strptr
    """.split()  # noqa: SIM905
)
_STRING: Final = re.compile(r'"(?:[^"]|"")*"')
_DECLARED: Final = re.compile(
    r"(?i)\b(?:dim|(?:private |public )?const|private|public|static|redim(?: preserve)?) (.+)"
)
_EXTERNAL: Final = re.compile(r"(?i)(?:public |private )?declare (ptrsafe )?function (\w+) lib .*")
_PROCEDURE: Final = re.compile(
    r"(?i)(?:(public|private|friend) )?(sub|function) (\w+)\((.*)\)(?: as \w+)?$"
)


def faults(text: str, known: Iterable[str] = ()) -> list[str]:
    """What is wrong with a module; ``known`` are the names that other modules open to it."""
    found = list(_line_faults(text))
    if not re.search(r"(?m)^Option Explicit\r?$", text):
        found.append("Option Explicit is missing")
    statements = list(_statements(text))
    found += _block_faults(statements)
    found += _name_faults(statements, {name.lower() for name in known})
    return found


def open_procedures(text: str, kind: str) -> list[str]:
    """The Functions or Subs that other modules may call."""
    matches = (_PROCEDURE.fullmatch(statement) for _, statement in _statements(text))
    return [
        match[3]
        for match in matches
        if match and match[2].lower() == kind and (match[1] or "public").lower() == "public"
    ]


def _line_faults(text: str) -> Iterator[str]:
    if text.count("\n") != text.count("\r\n") or text.count("\r") != text.count("\r\n"):
        yield "a line does not end with CRLF"
    continued = 0
    for number, line in enumerate(text.split("\r\n"), 1):
        if not line.isascii():
            yield f"{number}: not ASCII"
        if len(line) > LONGEST_LINE:
            yield f"{number}: longer than {LONGEST_LINE}"
        if re.search(r'(?i)"[a-z]:\\|\\\\\w|file:/|"/(?:home|usr|tmp|users)', line):
            yield f"{number}: a path of a machine"
        continued = continued + 1 if line.endswith(" _") else 0
        if continued > MOST_CONTINUATIONS:
            yield f"{number}: more than {MOST_CONTINUATIONS} line continuations"


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each statement with its line, strings emptied, comments and attributes left out."""
    joined = re.sub(r" _\r?\n\s*", " ", text)
    for number, line in enumerate(joined.splitlines(), 1):
        code = _STRING.sub('""', line)
        code = re.sub(r"'.*", "", code).strip()
        if code.startswith(("Attribute ", "#")):
            continue
        for part in re.split(r":(?!=)", code):
            if part.strip():
                yield number, re.sub(r"\s+", " ", part.strip())


def _block_faults(statements: list[tuple[int, str]]) -> Iterator[str]:
    stack: list[str] = []
    for number, statement in statements:
        said = statement.lower()
        for pattern, kind in _CLOSING:
            match = re.match(pattern, said)
            if match:
                wanted = kind or match[1]
                if not stack or stack.pop() != wanted:
                    yield f"{number}: {statement} closes nothing"
                break
        else:
            for pattern, kind in _OPENING:
                if re.match(pattern, said):
                    if kind in ("sub", "function") and stack:
                        yield f"{number}: {statement} stands inside {stack[-1]}"
                    stack.append(kind)
                    break
    if stack:
        yield f"the end: {stack[-1]} is still open"


def _name_faults(statements: list[tuple[int, str]], known: set[str]) -> Iterator[str]:
    procedures = {
        match[3].lower()
        for _, statement in statements
        if (match := _PROCEDURE.fullmatch(statement))
    }
    module = known | procedures
    local: set[str] = set()
    inside = False
    for number, statement in statements:
        if match := _EXTERNAL.fullmatch(statement):
            module.add(match[2].lower())
            if not match[1]:
                yield f"{number}: {match[2]} is declared without PtrSafe"
            continue
        if match := _PROCEDURE.fullmatch(statement):
            inside = True
            local = set(_declared(match[4]))
            continue
        if re.fullmatch(r"(?i)end (sub|function)", statement):
            inside, local = False, set()
            continue
        declared = _DECLARED.fullmatch(statement)
        if declared and not statement.lower().startswith("redim"):
            (local if inside else module).update(_declared(declared[1]))
        code = re.sub(r"(?i)\b(goto|resume) \w+", "", statement)
        code = re.sub(r"\.\w+|\b\w+:=|&H[0-9A-F]+|(?i:\bas \w+)|(?<=\w)\$", " ", code)
        if re.fullmatch(r"\w+", statement) and statement.lower() in _labels(statements):
            continue
        for name in re.findall(r"[A-Za-z]\w*", code):
            if name.lower() not in _WORDS | module | local:
                yield f"{number}: {name} is not declared"


def _labels(statements: list[tuple[int, str]]) -> set[str]:
    text = "\n".join(statement for _, statement in statements)
    return {label.lower() for label in re.findall(r"(?i)\b(?:goto|resume) (\w+)", text)}


def _declared(text: str) -> Iterator[str]:
    for part in re.sub(r"\([^()]*\)", "", text).split(","):
        words = re.sub(r"(?i)\b(optional|byval|byref|paramarray)\b", "", part).split()
        if words:
            yield words[0].lower()
