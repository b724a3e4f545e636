"""待办: something the system could not do itself and a named person must. And when its own rounds last ended."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from grid.ids import uuid7


class Task(models.Model):
    """`key` says what it is about and is unique while it is open, so that a repeat adds nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)  # grid.tasklist.KINDS: the words
    owner = models.ForeignKey("grid.Person", models.PROTECT, related_name="tasks")
    facts = models.JSONField(default=dict)  # what the words need; nothing personal
    path = models.CharField(max_length=200, blank=True)
    subject_id = models.UUIDField(null=True)  # the claim
    region_code = models.CharField(max_length=12, db_collation="C", default="")
    created_at = models.DateTimeField()
    due_on = models.DateField(_("应于"))
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("grid.Person", models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("办理情况"), max_length=300, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["key"], condition=Q(done_at=None), name="task_open_once")]
        indexes = [models.Index(fields=["owner", "due_on"], condition=Q(done_at=None), name="task_of_owner")]


class Round(models.Model):
    """When a periodic piece of work last came to its end, and what it did. One row for each, kept up to date."""

    name = models.CharField(max_length=40, primary_key=True)  # sweep, deliver, check_integrity …
    ended_at = models.DateTimeField()
    counts = models.JSONField(default=dict)
