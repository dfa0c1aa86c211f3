"""Contrasts: keywords, sentiment and topics; each stands alone."""
