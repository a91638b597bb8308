"""Texts: names and values as SQL spells them, counts and foreign words as a person reads them."""
