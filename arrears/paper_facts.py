"""What this room tells papers of a claim; rooms above have a module of this name of their own."""

from arrears.papers.tellers import case, law, people, wages
from arrears.serving import paper_facts as serving

__all__ = ["case", "law", "people", "serving", "wages"]
