"""A table over more cells than before: its part, or the filter of a plain table."""

from __future__ import annotations

from sellersheet_workbook.patch.areas import Area
from sellersheet_workbook.patch.package import Package
from sellersheet_workbook.patch.sheet import Sheet
from sellersheet_workbook.patch.table_part import Table, grown
from sellersheet_workbook.patch.workbook_part import WorkbookPart


def resize(package: Package, workbook: WorkbookPart, table: Table, after: Table) -> None:
    """Rewrites what says how far the table reaches, where that has changed."""
    if after.area == table.area:
        return
    if table.part is not None:
        added = after.headers[len(table.headers) :]
        package.replace(table.part, grown(package, table, after.area, added))
        return
    name = workbook.sheet(table.sheet)
    sheet = Sheet(package, name)
    old, area = sheet.filtered, table.area
    if old is None or (old.top, old.left, old.right) != (area.top, area.left, area.right):
        return
    bottom = after.area.bottom if old.bottom == area.bottom else old.bottom
    new = Area(old.top, old.left, bottom, after.area.right)
    package.replace(sheet.part, sheet.refiltered(old, new))
    package.replace(package.book_part, workbook.refiltered(name, old, new))
