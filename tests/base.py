"""The named cast and the scene most tests share. Everybody and everything here is invented.

    class TestX(CastTestCase):
        def test_...(self): self.client.force_login(self.chief)

City 宿迁市 3213; county A 沭阳县 321322 with townships 321322101 (A1) and 321322102 (A2); county B 泗阳县 321323
with township 321323101. `NOW` is Monday 2026-03-02 10:00 in Shanghai.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.test import TestCase

from arrears.intake import ClaimantFacts, ClaimFacts, LineFacts, RespondentFacts, register
from arrears.models import Claim
from grid import roles
from grid.days import SHANGHAI
from grid.models import Body, Person, Posting, Region
from grid.regions import level_of

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
TODAY = NOW.date()
STATS = "stats-2023"

def make_regions() -> dict[str, Region]:
    rows = [
        ("32", "江苏省", None), ("3213", "宿迁市", "32"),
        ("321322", "沭阳县", "3213"), ("321322101", "陇集镇", "321322"), ("321322102", "胡集镇", "321322"),
        ("321323", "泗阳县", "3213"), ("321323101", "裴圩镇", "321323"),
    ]  # fmt: skip
    made: dict[str, Region] = {}
    for code, name, parent in rows:
        above = made.get(parent)
        made[code] = Region.objects.create(
            code=code, name=name, parent=above, level=level_of(code), code_system=STATS,
            full_name=(above.full_name if above else "") + name,
        )  # fmt: skip
    return made

def make_person(username: str, name: str, role: str | None = None, region: str = "", body: Body | None = None) -> Person:
    person = Person.objects.create_user(username, None, full_name=name, email=f"{username}@example.test")
    if role:
        Posting.objects.create(
            person=person, role=role, region_id=region or None, body=body, starts_on=date(2020, 1, 1)
        )
    return person

class Cast:
    """Class-level scene; `make_cast` fills it once per test class."""

    @classmethod
    def make_cast(cls) -> None:
        cls.regions = make_regions()
        cls.grid_worker = make_person("wangge", "王格", roles.GRID_WORKER, "321322101")
        cls.chief = make_person("zhangzhen", "章镇", roles.TOWNSHIP_CHIEF, "321322101")
        cls.chief_a2 = make_person("hezhen", "何镇", roles.TOWNSHIP_CHIEF, "321322102")
        cls.county = make_person("xianan", "冼安", roles.COUNTY_OFFICER, "321322")
        cls.county_b = make_person("yixian", "易仙", roles.COUNTY_OFFICER, "321323")
        cls.city = make_person("shidu", "史督", roles.CITY_SUPERVISOR, "3213")
        cls.mediator = make_person("tiaohe", "条和", roles.MEDIATOR, "321322")
        cls.procuratorate = Body.objects.create(name="沭阳县人民检察院", kind="procuratorate", region_id="321322")
        cls.court = Body.objects.create(name="沭阳县人民法院", kind="court", region_id="321322")
        cls.partner = make_person("jiancha", "简察", roles.PARTNER, body=cls.procuratorate)
        cls.auditor = make_person("shenji", "沈记", roles.AUDITOR, "3213")
        cls.administrator = make_person("guanli", "管理", roles.ADMINISTRATOR, "3213")
        cls.outsider = make_person("wairen", "外人")

    @classmethod
    def everybody(cls) -> dict[str, Person]:
        names = (
            "grid_worker", "chief", "chief_a2", "county", "county_b", "city", "mediator", "partner", "auditor",
            "administrator", "outsider",
        )  # fmt: skip
        return {name: getattr(cls, name) for name in names}

    @classmethod
    def make_claim(
        cls, region: str = "321322101", person: Person | None = None, now: datetime = NOW, **changes: Any
    ) -> Claim:
        """A registered claim: 李建国 is owed 8,000.00 by 宏远劳务; `changes` are fields of ClaimFacts."""
        facts = ClaimFacts(
            **{
                "region": cls.regions.get(region) or Region.objects.get(pk=region),
                "received_on": now.date(),
                "claimants": [
                    ClaimantFacts("李建国", "13800000001", lines=[LineFacts(Decimal("4000"), Decimal(2), "month")])
                ],
                "respondents": [RespondentFacts("宿迁宏远劳务有限公司", role="labour")],
                "last_working_day": date(2026, 1, 20),
                "story": "在工地做瓦工，完工后未付工资。",
                **changes,
            }
        )
        return register(facts, person, now=now)

class CastTestCase(Cast, TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.make_cast()
