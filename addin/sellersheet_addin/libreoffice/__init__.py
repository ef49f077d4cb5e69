"""The LibreOffice add-in: its extension, the process that calculates, how they are installed."""
