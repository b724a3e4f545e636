"""What must agree in the tables of mediations (arrears.integrity)."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from arrears.integrity import Check, Found, add_checks, line, rows
from arrears.integrity_checks import OPEN, RECOUNT
from arrears.stored_checks import fault_of, told, tonight
from grid.days import SHANGHAI
from mediation.lifecycle import MEDIATION
from mediation.models import OnlineRecording

RECORDINGS_A_NIGHT = 20  # of hours each: of all of them some every night


def _(text: str) -> str:
    """Marks a label for the catalogues; whoever shows it translates it."""
    return text


def instalments(now: datetime) -> Found:
    return rows(
        "SELECT agreement.number, total, coalesce(of_parts, 0) FROM mediation_agreement AS agreement "
        "LEFT JOIN (SELECT agreement_id, sum(amount) AS of_parts FROM mediation_instalment GROUP BY agreement_id) AS parts "
        "ON parts.agreement_id = agreement.id WHERE total <> coalesce(of_parts, 0)"
    )


def left_open(now: datetime) -> Found:
    return rows(
        "SELECT claim.number, mediation.state FROM mediation_mediation AS mediation "
        "JOIN arrears_claim AS claim ON claim.id = mediation.claim_id "
        "WHERE mediation.state = ANY(%s) AND NOT claim.stage = ANY(%s)",
        [list(MEDIATION.open_states), OPEN],
    )


def attendances(now: datetime) -> Found:
    """What a constraint sees of a party is a copy of the hearing's."""
    return rows(
        "SELECT claim.number, hearing.number FROM mediation_attendance AS called "
        "JOIN mediation_hearing AS hearing ON hearing.id = called.hearing_id JOIN mediation_mediation AS mediation ON mediation.id = hearing.mediation_id "
        "JOIN arrears_claim AS claim ON claim.id = mediation.claim_id WHERE called.is_live <> (hearing.state = 'scheduled') "
        "OR (called.is_live AND (called.span <> hearing.span OR called.joint <> hearing.joint))"
    )


def minutes(now: datetime) -> Found:
    """Each page is what its fingerprint says, and a signature names the pages of its version."""
    return rows(
        "SELECT claim.number, minutes.number FROM mediation_minutes AS minutes JOIN mediation_hearing AS hearing ON hearing.id = minutes.hearing_id "
        "JOIN mediation_mediation AS mediation ON mediation.id = hearing.mediation_id JOIN arrears_claim AS claim ON claim.id = mediation.claim_id "
        "WHERE EXISTS (SELECT FROM jsonb_array_elements(minutes.pages) WITH ORDINALITY AS one(page, number) "
        "WHERE encode(sha256(convert_to(one.number || E'\\n' || (page->>'text'), 'UTF8')), 'hex') <> page->>'sha256') "
        "OR EXISTS (SELECT FROM mediation_minutessignature AS signature WHERE signature.minutes_id = minutes.id AND (signature.sha256 <> minutes.sha256 "
        "OR to_jsonb(signature.pages) <> jsonb_path_query_array(minutes.pages, '$[*].sha256')))"
    )


def recordings(now: datetime) -> Found:
    return told(faults_of_recordings(now))


def faults_of_recordings(now: datetime) -> Iterator[str]:
    """Of online hearings. One whose file was not whole when it ended has no fingerprint, and is found every night of its turn."""
    whole = OnlineRecording.objects.filter(ended_at__isnull=False, removed_at=None)
    for row in tonight(whole, RECORDINGS_A_NIGHT, now).select_related("room__hearing__mediation__claim"):
        if fault := fault_of(Path(row.file.path), row.sha256):
            yield line(row.room.hearing.mediation.claim.number, f"{row.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", row.file.name, fault)


add_checks((
    Check("instalments", _("调解协议的分期合计与总额不一致"), RECOUNT, instalments),
    Check("attendances", _("当事人的占用时间与调解会不一致"), RECOUNT, attendances),
    Check("minutes", _("调解笔录或者签名与指纹不一致"), RECOUNT, minutes),
    Check("online_recordings", _("网上调解会的录制文件不见了，或者与登记的指纹不符"), _("请从备份取回录制原件；取回之前不要调取这一份，并查清是谁改动的。"), recordings),
    Check("mediations_left_open", _("案件已经结束，调解仍未结束"), RECOUNT, left_open),
))  # fmt: skip
