"""Impacts and reviews, written for people: as tables, Markdown and pages."""
