"""The Excel add-in: its VBA, its ribbon and how they are built."""
