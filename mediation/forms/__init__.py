from .agreement import AgreeForm, InstalmentForms
from .sitting import SittingForm

__all__ = ["AgreeForm", "InstalmentForms", "SittingForm"]
