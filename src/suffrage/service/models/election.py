"""The election as the office works on it. `suffrage.service.export` gives it the form of the one model."""

from __future__ import annotations

from django.db import models

from suffrage.election import Kind


class Election(models.Model):
    """One election: its law, its times, its rules of the house.

    `law` is the id of a built-in law, or `law.toml` where the society's own stands in `law_text`. `clock_offset` moves
    the clock of a rehearsal or a demo by seconds. `threshold` of the trustees decrypt; as many as there are trustees
    means that each of them must. `repeats` is the election that this one is held anew for.
    """

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    kind = models.CharField(
        max_length=12, choices=[(kind.value, kind.value) for kind in Kind if kind is not Kind.REPLAY]
    )
    law = models.CharField(max_length=80)
    law_text = models.TextField(blank=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    language = models.CharField(max_length=12, default="en")
    contact = models.CharField(max_length=200, blank=True)
    second_factor = models.BooleanField(default=False)
    clock_offset = models.BigIntegerField(default=0)
    threshold = models.PositiveSmallIntegerField(default=2)
    root_key = models.CharField(max_length=64, blank=True)
    roster = models.BinaryField(default=b"")
    roster_signature = models.CharField(max_length=128, blank=True)
    repeats = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repeated_by")
    frozen = models.BooleanField(default=False)
    rehearsed = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.title


class Stage(models.TextChoices):
    """How far a poll has come. Whether a prepared one is open is told by the clock alone."""

    PREPARED = "prepared", "prepared"
    READY = "ready", "ready"
    CLOSED = "closed", "closed"
    DECRYPTED = "decrypted", "decrypted"
    PUBLISHED = "published", "published"


class Poll(models.Model):
    """The first or the second ballot of an election: its hours, and how far it has come."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="polls")
    ballot = models.PositiveSmallIntegerField(default=1)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.PREPARED)
    manifest = models.BinaryField(default=b"")
    manifest_signature = models.CharField(max_length=128, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "ballot"], name="one_poll_a_ballot")]
        ordering = ["ballot"]


class Unit(models.Model):
    """A place of the election's tree. Who is on the roll of a place that votes on `paper` gets no code."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="units")
    slug = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, blank=True)
    paper = models.BooleanField(default=False)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "slug"], name="one_unit_a_slug")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Contest(models.Model):
    """One election of `seats` deputies in one unit."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="contests")
    slug = models.CharField(max_length=80)
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="contests")
    chamber = models.CharField(max_length=60, blank=True)
    seats = models.PositiveIntegerField(default=1)
    rules = models.CharField(max_length=60, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "slug"], name="one_contest_a_slug")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Candidate(models.Model):
    """A name on the ballot paper of a contest; `supporters` has one a line."""

    contest = models.ForeignKey(Contest, on_delete=models.PROTECT, related_name="candidates")
    slug = models.CharField(max_length=80)
    number = models.PositiveSmallIntegerField()
    surname = models.CharField(max_length=120)
    names = models.CharField(max_length=120, blank=True)
    supporters = models.TextField(blank=True)
    party = models.CharField(max_length=120, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    occupation = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contest", "slug"], name="one_candidate_a_slug"),
            models.UniqueConstraint(fields=["contest", "number"], name="one_candidate_a_number"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.surname} {self.names}".strip()


class Decision(models.Model):
    """A recorded decision about figures, as `suffrage.election.Decision`."""

    election = models.ForeignKey(Election, on_delete=models.PROTECT, related_name="decisions")
    slug = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    contest = models.ForeignKey(Contest, on_delete=models.PROTECT)
    ballot = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=80, blank=True)
    candidate = models.CharField(max_length=80, blank=True)
    field = models.CharField(max_length=80, blank=True)
    figure = models.BigIntegerField(null=True, blank=True)
    day = models.DateField()
    by = models.CharField(max_length=200)
    reason = models.TextField()
    article = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "slug"], name="one_decision_a_slug")]
        ordering = ["id"]
