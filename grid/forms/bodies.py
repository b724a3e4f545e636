"""Somebody at a partner body: what is asked."""

from django import forms

from grid.models import BodyContact


class ContactForm(forms.ModelForm):
    class Meta:
        model = BodyContact
        fields = ["name", "post", "phone", "email"]

    def validate_constraints(self) -> None:
        """The verb says it, in a sentence of its own."""
