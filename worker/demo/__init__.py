"""The demonstration: a tiny real translation model, and a day of papers in its language."""
