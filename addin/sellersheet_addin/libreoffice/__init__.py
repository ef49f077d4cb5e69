"""The LibreOffice add-in: the extension, how it is built, and the worker it talks to."""
