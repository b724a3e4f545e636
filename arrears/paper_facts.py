"""What this room tells papers of a claim; rooms above have a module of this name of their own."""

from arrears.papers.tellers import case, law, people, proceedings, wages
from arrears.proceedings import paper_answers
from arrears.serving import paper_facts as serving
from arrears.support import paper_facts as support

__all__ = ["case", "law", "paper_answers", "people", "proceedings", "serving", "support", "wages"]
