"""What the law says of workers who act together, each with its article and how far it was checked. Django-free.

劳动争议调解仲裁法 第七条: ten workers and more with a common claim may choose representatives. 信访工作条例 第二十条: a visit of several
people chooses at most five. 民事诉讼法 第五十六条、第五十七条: to change or give up a claim, to admit the other side's, or to settle, a
representative needs the consent of those represented. That arbitration takes three to five was read in an excerpt only.
"""

from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a text for the catalogues; whoever shows it translates it."""
    return text


FROM, LEAST, MOST = 10, 3, 5
GENERAL, SPECIAL = "general", "special"
SCOPES = (
    (GENERAL, _("一般授权：代为陈述、提交材料、领取文书")),
    (SPECIAL, _("特别授权：还可以代为承认、放弃、变更请求，和解")),
)


@dataclass(frozen=True)
class Provision:
    text: str
    article: str
    is_verified: bool


PROVISIONS = (
    Provision(_("劳动者一方十人以上、有共同请求的，可以推举代表参加调解、仲裁或者诉讼。"), _("《劳动争议调解仲裁法》第七条"), True),
    Provision(_("多人走访提出共同事项的，推选代表不超过五人。"), _("《信访工作条例》第二十条"), True),
    Provision(_("集体劳动争议的代表人为三至五人。"), _("《劳动人事争议仲裁办案规则》第五条"), False),
    Provision(_("代表人承认、放弃、变更请求或者和解，须经被代表的劳动者同意（特别授权）。"), _("《民事诉讼法》第五十六条、第五十七条"), True),
)
