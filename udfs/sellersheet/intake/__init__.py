"""One way from what a seller has to typed columns: grid, layout, vocabulary, cells, doubts.

``grid`` holds cells as they stand, ``layout`` finds the header among them, ``vocabulary``
says which column each header means, ``reading`` types the columns and tells what became of
every header and row, ``doubts`` names what is likely not meant as it stands. Nothing here
knows a file.
"""
