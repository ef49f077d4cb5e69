"""What runs inside LibreOffice, where it is the package ``sellersheet_office``.

Only the standard library and LibreOffice's own modules are there, on Python 3.9 and newer.
"""
