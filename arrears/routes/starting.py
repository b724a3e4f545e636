"""How a road is begun in the system by whoever reads: one click where it can be, words where it cannot. No dead buttons."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from arrears.lifecycle import BODIES_FOR, CLAIM, REFERRAL_KINDS
from arrears.models import Claim
from arrears.permits import Denied, find, may
from arrears.proceedings.table import find_step
from arrears.proceedings.verbs import may_open
from arrears.referrals import bodies_for
from arrears.routes import MEDIATE
from grid.models import Person


@dataclass(frozen=True)
class Start:
    """`url` is empty where `words` say who can begin it, or from when on."""

    label: str = ""
    url: str = ""
    words: str = ""


class Starting:
    def __init__(self, claim: Claim, person: Person, today: date) -> None:
        self.claim, self.person, self.today = claim, person, today

    def of(self, start: str) -> Start:
        if not start:
            return Start()
        return self.mediation() if start == MEDIATE else self.referral(start.partition(":")[2])

    def mediation(self) -> Start:
        answer = may(find(CLAIM, "mediate"), self.claim, self.person, self.today)
        if isinstance(answer, Denied):
            return Start(words=answer.message)
        return Start(_("申请调解"), reverse("claim_mediate", args=[self.claim.pk]))

    def referral(self, kind: str) -> Start:
        if isinstance(self.may_refer, Denied):
            return Start(words=self.why_not(self.may_refer))
        if self.bodies.isdisjoint(BODIES_FOR[kind]):
            return Start(words=_("本县（区）和本市还没有登记能办理的协同单位，请陪同或者指引劳动者自己申请。"))
        label = _("移送：%(kind)s") % {"kind": _(dict(REFERRAL_KINDS)[kind])}
        return Start(label, f"{reverse('claim_refer', args=[self.claim.pk])}?{urlencode({'kind': kind})}")

    def opening(self, opens: str) -> Start:
        """Once it was filed, where its clocks begin; nothing for whoever may not record it."""
        kind, _dot, step = opens.partition(".")
        row = find_step(kind, step) if opens else None
        if row is None or not may_open(self.claim, row, self.person, self.today):
            return Start()
        return Start(_("登记已经提交"), reverse("proceeding_open", args=[self.claim.pk, kind, step]))

    @cached_property
    def may_refer(self) -> Denied | bool:
        return may(find(CLAIM, "refer"), self.claim, self.person, self.today)

    @cached_property
    def bodies(self) -> set[str]:
        return set(bodies_for(self.claim).values_list("kind", flat=True))

    def why_not(self, denied: Denied) -> str:
        if denied.code == "not_your_role" and self.claim.is_open:
            return _("可以请县（区）专员在系统里移送，也可以指引劳动者自己申请。")
        if denied.code == "wrong_state" and self.claim.stage == "registered":
            return _("案件受理以后可以在系统里移送；也可以指引劳动者自己申请。")
        return denied.message
