"""What the extension gives to LibreOffice: it loads this file, and the rest through it."""

import unohelper
from sellersheet_office import functions

g_ImplementationHelper = unohelper.ImplementationHelper()  # noqa: N816 - LibreOffice's name
g_ImplementationHelper.addImplementation(
    functions.Functions, functions.IMPLEMENTATION, (functions.SERVICE,)
)
