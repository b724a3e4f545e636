"""Hearings in other calendars: the writer of RFC 5545 (ical, Django-free), what a hearing is there (entries), and the
address a person's calendar reads (links)."""
