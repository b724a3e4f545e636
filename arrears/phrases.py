"""A sentence that Django-free code wants to say: the marked text and the values in it. Whoever shows it
passes gettext; without it the Chinese original comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _as_is(text: str) -> str:
    return text


def _(text: str) -> str:
    """Marks a text for the catalogues."""
    return text


BETWEEN = _("、")  # the items of a list


@dataclass(frozen=True)
class Phrase:
    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = _as_is) -> str:
        """The sentence in one language; phrases among the values are translated with it, lists are joined."""
        said = {key: _said(value, translate) for key, value in self.values.items()}
        translated = translate(self.msgid)
        return translated % said if said else translated

    def __str__(self) -> str:
        return self.text()


def _said(value: object, translate: Callable[[str], str]) -> object:
    if isinstance(value, Phrase):
        return value.text(translate)
    return translate(BETWEEN).join(map(str, value)) if isinstance(value, (list, tuple)) else value
