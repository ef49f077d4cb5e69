"""The ways in: the command line, and later Excel and LibreOffice."""
