"""Every kind of file that a table stands in: read without trust, written whole and in bulk."""
