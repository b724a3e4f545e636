from .agreement import AgreeForm, InstalmentForms
from .sitting import ConvertForm, JoinForm, SittingForm

__all__ = ["AgreeForm", "ConvertForm", "InstalmentForms", "JoinForm", "SittingForm"]
