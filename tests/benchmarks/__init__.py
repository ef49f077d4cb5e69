"""How fast things are, as ratios to the least that could be done: ``python -m tests.benchmarks``.

One module a subject, each with a function ``measure(scale)`` that yields ``Line``s; the list
of them is ``SUBJECTS`` in ``__main__``. Two things compared are run in turns in one process,
and the median of the pairwise ratios is told: what slows the machine slows both.
"""
