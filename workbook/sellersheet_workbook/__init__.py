"""Workbooks and files: reading and writing them, the template, batch and update."""
