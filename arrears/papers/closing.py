"""What ends a paper stays together, with the words before it: 此致, the body, who signs, the seal and the day. Nobody is given a page to sign
on which nothing stands, and no seal is parted from its day. Django-free.
"""

from collections.abc import Sequence

TO = "此致"


def closings(lines: Sequence[tuple[str, bool] | None]) -> list[bool]:
    """Of each line whether it stays on the page of the next one. A line: its text, and whether it stands on the right, as those
    who sign do; None: no paragraph."""
    return [line is not None and then is not None and stays(line, then, before) for before, line, then in zip([None, *lines], lines, [*lines[1:], None], strict=False)]


def stays(line: tuple[str, bool], then: tuple[str, bool], before: tuple[str, bool] | None) -> bool:
    (text, _is_right), (next_text, next_is_right) = line, then
    return text == TO or next_text == TO or next_is_right or (before is not None and before[0] == TO)
