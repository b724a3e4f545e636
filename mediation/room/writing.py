"""The text of minutes as it is closed, read out and signed: who was there, what was read to them, what was said. Always Chinese: it is
the record, whatever language somebody works in."""

from collections.abc import Mapping, Sequence
from typing import Any

from grid.days import SHANGHAI
from mediation.models import EarlierSitting, Hearing, HearingRecord, Presence
from mediation.models.room import AUTHORITIES, BY, CALLS, CAPACITIES, PAPERS
from mediation.room.notes import SECTIONS, UNSAID
from mediation.room.people import ROLES
from mediation.room.quorum import AGENT, LATE, UNCALLED
from mediation.sittings import when

CAPACITY, AUTHORITY, PAPER, CALL, WHO = map(dict, (CAPACITIES, AUTHORITIES, PAPERS, CALLS, BY))


def text_of(hearing: Hearing, record: HearingRecord, presences: Sequence[Presence], notes: Mapping[str, str]) -> str:
    claim, room = hearing.mediation.claim, hearing.room
    lines = [
        "调解笔录", f"案号：{claim.number}", f"第{hearing.number}次调解会，{when(hearing.starts_at, hearing.ends_at)}",
        f"地点：{room.name}" + (f"（{room.address}）" if room.address else ""), f"调解员：{hearing.mediator}", "",
        "一、到场人员", *(present(one) for one in presences if one.is_here), "",
    ]  # fmt: skip
    if away := [absent(one) for one in presences if not one.is_here]:
        lines += ["没有到场的当事人", *away, ""]
    lines += [before(one) for one in hearing.earlier_sittings.all()]
    lines += ["二、权利义务告知", record.rights_text or "没有宣读。", *([f"{moment(record.rights_at)}宣读，到场人员表示听清。"] if record.rights_at else []), ""]
    lines += ["三、调解经过"]
    for section in SECTIONS:
        if notes.get(section.name) and notes[section.name].strip() not in UNSAID:
            lines += [f"【{section.label}】", notes[section.name], ""]
    lines += ["以上笔录已经到场人员阅看或者向其宣读，认为无误的签名；认为有遗漏或者差错的，可以要求补正。"]
    return "\n".join(lines)


def before(one: EarlierSitting) -> str:
    here = "、".join(f"{person['name']}{person['stands_in'] and '（' + person['stands_in'] + '）'}" for person in one.people if person["at"]) or "无人"
    return f"本次调解会原定{when(one.starts_at, one.ends_at)}在{one.place}开，{moment(one.moved_at)}改动，改动以前签到的：{here}。\n"


def present(one: Presence) -> str:
    who = f"{CAPACITY[one.capacity]} {one.name}"
    if one.stands_in:
        who += f"，{WHO[one.by]} {one.stands_in}"
    if one.by == AGENT:
        who += f"，{AUTHORITY[one.authority]}"
    said = [who, f"{moment(one.at)}{'迟到' if one.state == LATE else '到场'}"]
    if one.paper:
        said.append(f"核对{PAPER[one.paper]}" + (f"，末四位{one.last_four}" if one.last_four else ""))
    elif one.capacity != "mediator":
        said.append("没有核对证件")
    if one.beside_id:
        said.append(f"为{one.beside.name}到场")
    if one.credential:
        said.append(one.credential)
    if one.promised_at:
        said.append(f"{moment(one.promised_at)}{ROLES[one.capacity].in_minutes}")
    return "，".join(map(str, said)) + "。"


def absent(one: Presence) -> str:
    if one.state == UNCALLED:
        return f"{CAPACITY[one.capacity]} {one.name}：没有通知到，原因：{one.why}。"
    why = f"，原因：{one.why}" if one.why else ""
    return f"{CAPACITY[one.capacity]} {one.name}：{CALL[one.called_by]}通知，{one.called_proof}{why}。"


def moment(at: Any) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local:%Y-%m-%d %H:%M}"
