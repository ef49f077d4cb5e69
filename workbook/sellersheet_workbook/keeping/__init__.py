"""Nothing lost, doubled or overwritten: writing beside and renaming, locks, what is whose."""
