"""The same worker again: what speaks for it (reasons, sounds: Django-free), who is found (finding), what is decided
(joining, judging; a duplicate itself ends as 并案)."""
