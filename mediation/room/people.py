"""Who may be in the room beside the parties and the mediator, what is asked of each, and who signs. Django-free; read by a mediator."""

from collections.abc import Mapping
from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


@dataclass(frozen=True)
class Role:
    label: str
    needs_party: bool = False  # whom they are there for
    credential: str = ""  # what has to be said of their standing; "": nothing has to
    promise: str = ""  # what they promise before they begin
    in_minutes: str = ""  # the same as the minutes say it, which are Chinese
    signs: bool = False


ROLES: Mapping[str, Role] = {
    "interpreter": Role(
        _("翻译"), needs_party=True, credential=_("翻译哪种语言或者手语、有什么资格"), promise=_("已告知如实翻译的责任，本人承诺如实翻译"),
        in_minutes="承诺如实翻译", signs=True,
    ),
    "guardian": Role(_("监护人、法定代理人"), needs_party=True, credential=_("与当事人的关系和证明，如户口簿、监护证明"), signs=True),
    "support": Role(_("协助残疾当事人的人"), needs_party=True, credential=_("怎样协助，如代读、代写"), signs=True),
    "witness": Role(_("证人"), promise=_("已告知如实作证的责任，本人承诺如实陈述"), in_minutes="承诺如实陈述", signs=True),
    "union": Role(_("工会人员"), credential=_("所在工会和介绍信")),
    "helper": Role(_("陪同人员"), needs_party=True),
    "observer": Role(_("旁听、督办人员")),
}
