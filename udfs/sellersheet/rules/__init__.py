"""The rules: columns in, columns out. No files, no clock, no globals.

Every function takes one case as plain ints or many as int64 arrays. Money is in cents.
"""
