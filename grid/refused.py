"""The one way a rule says no (409 in the API, a message on the page)."""


class Refused(Exception):
    """`code` is stable and for machines; `message` is a whole sentence, already translated, for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
