"""Who there is, as a table (design: three-level grid). Django-free.

A person holds postings: a role at a region (or, for a partner, at a body) from a day to a day.
`level` is the level of the grid a role answers for; `sees` says what its scope is made of.
"""

from dataclasses import dataclass


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


TOWNSHIP, COUNTY, CITY = "township", "county", "city"
LEVELS = (TOWNSHIP, COUNTY, CITY)
LEVEL_LABELS = {TOWNSHIP: _("乡镇级"), COUNTY: _("县级"), CITY: _("市级")}
# Digits of the division code of a level's region (grid/regions.py).
LEVEL_WIDTHS = {TOWNSHIP: 9, COUNTY: 6, CITY: 4}


def above(level: str) -> str | None:
    """The level a claim climbs to from `level`; None at the top."""
    position = LEVELS.index(level) + 1
    return LEVELS[position] if position < len(LEVELS) else None


def below(level: str) -> str | None:
    position = LEVELS.index(level) - 1
    return LEVELS[position] if position >= 0 else None


@dataclass(frozen=True)
class Role:
    name: str
    label: str
    level: str | None  # None: the level of the posting's own region
    sees: str  # "region": claims of its region; "body": what was referred to its body; "nothing"
    acts: bool = True  # False: reads only


GRID_WORKER = "grid_worker"
TOWNSHIP_CHIEF = "township_chief"
COUNTY_OFFICER = "county_officer"
CITY_SUPERVISOR = "city_supervisor"
MEDIATOR = "mediator"
PARTNER = "partner"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"

ROLES = {
    role.name: role
    for role in (
        Role(GRID_WORKER, _("网格员"), TOWNSHIP, "region"),
        Role(TOWNSHIP_CHIEF, _("乡镇（街道）网格长"), TOWNSHIP, "region"),
        Role(COUNTY_OFFICER, _("县（区）专员"), COUNTY, "region"),
        Role(CITY_SUPERVISOR, _("市级督办员"), CITY, "region"),
        Role(MEDIATOR, _("调解员"), None, "region"),
        Role(PARTNER, _("协同单位"), None, "body"),
        Role(AUDITOR, _("审计"), None, "region", acts=False),
        Role(ADMINISTRATOR, _("系统管理员"), None, "nothing"),
    )
}

# Who answers for a level when a claim has no handler of its own.
LEADS = {TOWNSHIP: TOWNSHIP_CHIEF, COUNTY: COUNTY_OFFICER, CITY: CITY_SUPERVISOR}

# The levels of the regions at which a role can be held; a partner's is held at a body.
POSTED_AT = {
    GRID_WORKER: (TOWNSHIP, "village"),
    **{role: (level,) for level, role in LEADS.items()},
    **dict.fromkeys((MEDIATOR, AUDITOR, ADMINISTRATOR), LEVELS),
}

BODY_KINDS = {
    "court": _("人民法院"),
    "procuratorate": _("人民检察院"),
    "union": _("工会"),
    "legal_aid": _("法律援助机构"),
    "arbitration": _("劳动人事争议仲裁委员会"),
    "inspection": _("劳动保障监察机构"),
    "housing": _("住房城乡建设部门"),
    "transport": _("交通运输部门"),
    "water": _("水利部门"),
    "police": _("公安机关"),
}
