"""How a rule module says that what was typed cannot be right. Django-free."""


class Invalid(ValueError):
    """`code` is stable and for machines; `sentence` is an untranslated message id for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
