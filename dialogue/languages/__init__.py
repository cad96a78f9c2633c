"""Everything the understanding must know of a language, as data. Knows nothing about findings."""
