"""A sentence that Django-free code wants to say: the marked text and the values in it. Whoever shows it
passes gettext; without it the Chinese original comes back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _as_is(text: str) -> str:
    return text


@dataclass(frozen=True)
class Phrase:
    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, translate: Callable[[str], str] = _as_is) -> str:
        """The sentence in one language; phrases among the values are translated with it."""
        said = {key: v.text(translate) if isinstance(v, Phrase) else v for key, v in self.values.items()}
        translated = translate(self.msgid)
        return translated % said if said else translated

    def __str__(self) -> str:
        return self.text()
