"""Respondents who can be written to are asked by message, with a link of their own (mediation.party_contacts says who and where). Whom no
message reaches somebody who did not mediate asks another way (mediation.marks.asking)."""

import base64
from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from arrears.models import Respondent
from arrears.worker.hours import WORKER_SMS
from grid.addressees import Addressee, Contact
from grid.bulk import insert
from grid.channels import is_set_up
from grid.days import SHANGHAI
from grid.models import Notice
from grid.notices import rows_to
from grid.vault import blind_index
from mediation.feeds.links import digest_of
from mediation.marks.verbs import may_say
from mediation.models import Attendance, Mark, MarkLink, Mediation
from mediation.models.contacts import SELF
from mediation.party_contacts import Reader, readers_of
from mediation.placing import last_hearing

MARKING, KIND = "marking", "party_mark"
SEAL = "mediation.marks.sending.token"


def send(mediation: Mediation, respondents: Collection[Respondent], now: datetime) -> set[UUID]:
    """To whom a message goes out."""
    rows: list[Notice] = []
    reached = set()
    for reader in readers(mediation, [one.pk for one in respondents]):
        if channels := [channel for channel in reader.channels if is_set_up(channel)]:
            link = sent(mediation, reader.attendance.party_id, now)
            rows += rows_to(
                [Addressee(MARKING, link.pk, tuple(channels))], KIND, key=f"mark_ask:{link.pk}", now=now, facts={"number": mediation.claim.number},
                subject_id=mediation.claim_id, region_code=mediation.claim.region_id,
            )  # fmt: skip
            reached.add(reader.attendance.party_id)
    insert(rows, ignore_conflicts=True)
    return reached


def readers(mediation: Mediation, respondents: Collection[Any]) -> list[Reader]:
    """The party itself, as it was called to the last hearing."""
    hearing = last_hearing(mediation)
    called: list[Attendance] = list(hearing.attendances.filter(party_id__in=respondents)) if hearing else []
    return [one for one in readers_of(mediation, called) if one.capacity == SELF]


def sent(mediation: Mediation, respondent: UUID, now: datetime) -> MarkLink:
    """One that somebody made by hand is replaced: it had been shown once."""
    link = MarkLink.objects.filter(mediation=mediation, respondent=respondent).first()
    is_new, link = link is None, link or MarkLink(mediation=mediation, respondent_id=respondent)
    link.made_by, link.made_at, link.opened_at, link.digest = None, now, None, digest_of(token_of(link))
    link.save(force_insert=is_new, update_fields=None if is_new else ["made_by", "made_at", "opened_at", "digest"])
    return link


def token_of(link: MarkLink) -> str:
    """Worked out anew whenever a message goes out, under a key that is not in the database. No row keeps it."""
    return base64.urlsafe_b64encode(bytes.fromhex(blind_index(str(link.pk), SEAL))[:24]).decode()


def reached(pk: UUID) -> Contact | None:
    """Asked at the moment of sending: where they are to be reached now, and whether they are still to be asked."""
    link = MarkLink.objects.select_related("mediation__claim", "respondent").filter(pk=pk).first()
    reader = next(iter(readers(link.mediation, [link.respondent_id])), None) if link else None
    if link is None or reader is None or link.digest != digest_of(token_of(link)):  # somebody made another one by hand since
        return None
    known = Mark.objects.filter(mediation=link.mediation, respondent=link.respondent).first()
    asked_on = link.made_at.astimezone(SHANGHAI).date()
    nobody = gettext("%(number)s 的当事人") % {"number": link.mediation.claim.number}  # a failure is told to people who see no case
    return Contact(
        link.pk, nobody, reader.email, reader.phone, language=reader.language, quiet=WORKER_SMS.quiet, lead=WORKER_SMS.lead,
        may_be_told=reader.may_write and known is None and may_say(link.mediation, known, asked_on), signs_in=False,
        said={"url": settings.SITE_URL.rstrip("/") + reverse("party_mark", args=[token_of(link)])},
    )  # fmt: skip
