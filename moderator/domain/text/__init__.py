"""How a text is read whoever wrote it: folded, put together, without markup, in which language."""
