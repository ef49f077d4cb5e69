"""The actions on the workbook in front of the user; each ends in one message.

An action returns whether it was done; it never raises. What it changes in the workbook is
made whole or not at all, logged, and undone by ``undo``.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import sellersheet
from sellersheet.cards import own_values, shipped_card
from sellersheet.exchange import FxRates
from sellersheet.intake.doubts import of_rows, told_on_screen
from sellersheet.intake.headers import title
from sellersheet.orders import OrderResults
from sellersheet.policy import load
from sellersheet.summary import total
from sellersheet.tables import doubtful_rows
from sellersheet.wording import Problem
from sellersheet_workbook.batch.one import Terms
from sellersheet_workbook.host.change import unmake
from sellersheet_workbook.host.cut_arrays import mend
from sellersheet_workbook.host.imported_tables import put_orders, put_rates, target_in
from sellersheet_workbook.host.live_port import LivePort
from sellersheet_workbook.host.program import Program, told
from sellersheet_workbook.orders_import import Memory, import_into, memory_path
from sellersheet_workbook.problems import HOST, HostProblem
from sellersheet_workbook.update.flow import compute, plan, write
from sellersheet_workbook.update.given import filled_table, terms_of
from sellersheet_workbook.update.share import share_book, share_path

if TYPE_CHECKING:
    from sellersheet.wording import Lang
    from sellersheet_workbook.orders_import import Imported
    from sellersheet_workbook.reconcile import Check

_SHOWN = 5


@told
def update(program: Program, now: dt.datetime | None = None) -> str:
    """Compute all orders anew; write results, summaries and a line of the log."""
    now, lang = now or dt.datetime.now(), program.lang
    port = LivePort(program)
    report = plan(port, _terms(now), now, lang)
    write(port, report)
    mend(port)
    port.save("update", now)
    whole = total(report.results, lang).iloc[0]
    sentence = HOST(
        "updated",
        lang,
        rows=f"{report.rows:,}",
        paid=_yuan(whole["paid_cny"]),
        total=_yuan(whole["total_fee_cny"]),
        cells=f"{report.changed.count:,}",
    )
    port.said[:0] = _not_counted(report.results, int(whole["incomplete"]), lang)
    if refused := report.refused["message"].tolist():
        port.said.insert(0, HOST("refused", lang, count=f"{len(refused):,}"))
        port.said[1:1] = [f"  {text}" for text in refused[:_SHOWN]]
    return port.told(sentence)


@told
def undo(program: Program) -> str:
    """Write back what stood before the last action that changed this workbook."""
    kept = unmake(program)
    action = HOST(f"action_{kept.action}", program.lang)
    return HOST("undone", program.lang, action=action, time=kept.time)


@told
def import_orders(
    program: Program,
    files: Sequence[Path],
    now: dt.datetime | None = None,
    memory: Memory | None = None,
) -> str:
    """Exports of orders into the orders of the workbook: known lines updated, new ones added.

    Without a table of orders a sheet for them is added. Results are not computed: ``update``
    does that.
    """
    now, lang = now or dt.datetime.now(), program.lang
    port = LivePort(program)
    place = (program.path or files[0]).with_name(program.title)
    fx = terms_of(port, _terms(now), lang).fx
    done = [0]

    def step(file: Path) -> None:
        program.progress(done[0], len(files) + 1, file.name)
        done[0] += 1

    imported = import_into(
        target_in(port, place, fx),
        files,
        lang,
        fx=fx,
        memory=Memory(memory_path()) if memory is None else memory,
        on_file=step,
        write=lambda target, merged, lang: put_orders(port, target, merged, lang, now),
    )
    lines = _imported(imported, lang)
    if imported.written:
        lines.append(port.advice())
    return port.told("\n".join(lines))


@told
def import_rates(program: Program, file: Path, now: dt.datetime | None = None) -> str:
    """A carrier's price sheet into the rates of the workbook.

    Rows of the lines that the file names are replaced, those of other lines stay.
    """
    now = now or dt.datetime.now()
    port = LivePort(program)
    program.progress(0, 2, file.name)
    sentence = put_rates(port, file, now)
    return port.told(sentence)


@told
def check_bill(
    program: Program, bill: Path, target: Path | None = None, now: dt.datetime | None = None
) -> str:
    """The platform's bill beside what the rules say of the orders of the workbook.

    The result is a workbook of its own, beside this one or where ``target`` says.
    """
    from sellersheet_workbook.reconcile import STEPS, Step, check_results

    now, lang = now or dt.datetime.now(), program.lang
    port = LivePort(program)
    if filled_table(port, "orders") is None:
        raise HostProblem("no_orders")
    terms = terms_of(port, _terms(now), lang)
    if target is None:
        beside = program.path or bill
        target = beside.with_name(f"{bill.stem}-{HOST('check_name', lang)}.xlsx")

    def results() -> OrderResults:
        return compute(port, _terms(now), lang)[2]

    def step(name: Step) -> None:
        program.progress(STEPS.index(name), len(STEPS), HOST(f"check_{name}", lang))

    check = check_results(results, program.title, bill, target, terms, lang, on_step=step)
    program.offer(check.target, HOST("open_result", lang))
    return port.told("\n".join(_checked(check, lang)))


@told
def share(program: Program, target: Path | None = None) -> str:
    """A copy of the workbook as it stands now, values only, to pass on."""
    lang = program.lang
    if target is None:
        if program.path is None:
            raise HostProblem("not_saved")
        target = share_path(program.path, lang)
    program.progress(0, 2, target.name)
    with tempfile.TemporaryDirectory() as folder:
        copy = program.save_copy(Path(folder))
        program.progress(1, 2, target.name)
        shared = share_book(copy, target)
    return "\n".join(shared.told(target, lang))


@told
def policy_version(program: Program, *more: str) -> str:
    """Which rules are used, and from when their newest source is.

    ``more`` are lines that the way in adds.
    """
    policy = load()
    days = [
        entry.snapshot
        for name in policy.names
        for entry in policy.value(name).entries
        if entry.snapshot
    ]
    told = HOST(
        "policy",
        program.lang,
        policy=policy.version,
        digest=policy.digest,
        version=sellersheet.__version__,
        newest=max(days, default="—"),
    )
    return "\n".join([told, _own_values(program), *more])


def _not_counted(results: OrderResults, incomplete: int, lang: Lang) -> list[str]:
    """Which rows are in no total, and which of those that are may be meant otherwise."""
    unpriced = incomplete - int(results.refused.sum())
    lines = [HOST("incomplete", lang, count=unpriced)] if unpriced > 0 else []
    doubts = doubtful_rows(results.table)
    return lines + [
        of_rows(code, count).text(lang) for code, count in doubts.items() if told_on_screen(code)
    ]


def _own_values(program: Program) -> str:
    """How many values of the workbook's own are in use, and on which sheet they stand."""
    lang = program.lang
    port = LivePort(program)
    table = port.table("overrides")
    if table is None:
        return HOST("no_policy_sheet", lang)
    frame = filled_table(port, "overrides")
    try:
        rows = [] if frame is None else own_values(frame.reset_index(drop=True)).rows
    except Problem as problem:
        return problem.text(lang)
    count = sum(map(bool, rows))
    return HOST("own_values" if count else "policy_sheet", lang, sheet=table.sheet, count=count)


def _terms(now: dt.datetime) -> Terms:
    """What is computed with where the workbook has no table of its own."""
    return Terms(load(), shipped_card(), FxRates.fixed({}), None, now.date())


def _imported(done: Imported, lang: Lang) -> list[str]:
    """The counts, what could not be taken, and what has to be known."""
    lines = [HOST("imported", lang, **{key: f"{count:,}" for key, count in done.counts.items()})]
    lines += [
        HOST("file_failed", lang, path=path.name, problem=problem.text(lang))
        for path, problem in done.failed
    ]
    lines += [note.text(lang) for note in done.notes]
    doubts = [(item.path, remark) for item in done.taken for remark in item.remarks if remark.warns]
    lines += [
        HOST("file_remark", lang, path=path.name, text=remark.text(lang))
        for path, remark in doubts[:_SHOWN]
    ]
    for item in done.taken:
        if item.recalled:
            names = [
                f"{header}＝{title('orders', key, lang)}" for header, key in item.recalled.items()
            ]
            lines.append(HOST("recalled", lang, path=item.path.name, names=names))
    if done.left:
        lines.append(HOST("left", lang, path=done.left))
        left = [(item.path, text) for item in done.taken for text in item.left["message"]]
        lines += [
            "  " + HOST("file_remark", lang, path=path.name, text=text)
            for path, text in left[:_SHOWN]
        ]
    if done.listed:
        lines.append(HOST("listed", lang, path=done.listed))
    return lines


def _checked(check: Check, lang: Lang) -> list[str]:
    """What was compared, what differs, what was not compared and where the list is."""
    from sellersheet_workbook.reconcile.bill_table import unknown_charges
    from sellersheet_workbook.reconcile.summary import WORDS as BILL

    seen = check.overview
    amounts = {"due": seen.due, "charged": seen.charged, "difference": seen.difference}
    told = {key: _yuan(amount) for key, amount in amounts.items()}
    lines = [HOST("compared", lang, orders=f"{seen.compared:,}", **told)]
    if seen.sentence:
        lines.append(seen.sentence)
    else:
        claims = check.claims
        lines.append(
            HOST(
                "differ",
                lang,
                orders=f"{seen.differing:,}",
                claims=f"{claims.orders:,}",
                amount=_yuan(claims.total),
            )
        )
    bill = check.bill
    lines += [remark.text(lang) for remark in bill.table.remarks if remark.warns]
    lines += [BILL(f"{code}_text", lang, **fields) for code, fields in bill.notes]
    lines += check.left_out(lang)
    if refused := len(bill.table.issues):
        lines.append(HOST("bill_refused", lang, count=f"{refused:,}"))
        lines += [f"  {issue.text(lang)}" for issue in bill.table.issues[:_SHOWN]]
        if unknown := unknown_charges(bill.table):
            lines.append(unknown.text(lang))
    lines.append(HOST("written", lang, path=check.target))
    return lines


def _yuan(amount: float) -> str:
    return "—" if amount != amount else f"¥{amount:,.2f}"
