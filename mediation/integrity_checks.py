"""What must agree in the tables of mediations (arrears.integrity)."""

from datetime import datetime

from arrears.integrity import Check, Found, add_checks, rows
from arrears.integrity_checks import OPEN, RECOUNT
from mediation.lifecycle import MEDIATION


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


add_checks((
    Check("instalments", _("调解协议的分期合计与总额不一致"), RECOUNT, instalments),
    Check("attendances", _("当事人的占用时间与调解会不一致"), RECOUNT, attendances),
    Check("minutes", _("调解笔录或者签名与指纹不一致"), RECOUNT, minutes),
    Check("mediations_left_open", _("案件已经结束，调解仍未结束"), RECOUNT, left_open),
))  # fmt: skip
