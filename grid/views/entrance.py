"""Coming in and going out: sign in, sign out, change the password."""

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from grid import languages
from grid.forms.entrance import NewPasswordForm, SignInForm
from grid.tokens import end_tokens

form_page = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters("password")
@login_not_required
@never_cache
@form_page
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(goal(request))
    form = SignInForm(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        login(request, form.get_user())
        response = redirect(goal(request))
        languages.show_own(request, response, form.get_user())
        return response
    return render(request, "grid/sign_in/form.html", {"form": form, "next": goal(request, otherwise="")})


def goal(request: HttpRequest, otherwise: str = "desk") -> str:
    """Where somebody wanted to go before they were asked to sign in: only ever a page of this house."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_safe else otherwise and resolve_url(otherwise)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("您已退出登录。"))
    return redirect("sign_in")


@sensitive_post_parameters()
@never_cache
@form_page
def password_change(request: HttpRequest) -> HttpResponse:
    form = NewPasswordForm(request.user, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "grid/password/form.html", {"form": form})
    person = form.save(commit=False)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    update_session_auth_hash(request, person)  # this session stays, the person's others end
    end_tokens(person)
    messages.success(request, _("密码已修改，其他设备上的登录已失效。"))
    return redirect("desk")
