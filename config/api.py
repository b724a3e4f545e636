"""The API's own wiring: errors and addresses."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler

from grid.refused import Refused

urlpatterns: list = []


def on_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal is 409 with its code and sentence; the rest is as Django REST framework has it."""
    if isinstance(error, Refused):
        return Response({"code": error.code, "message": error.message}, status=409)
    return exception_handler(error, context)
