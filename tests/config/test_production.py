"""config.settings.production as it starts: what it insists on, and that its own health probe gets through."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from config import serve
from config.embedded import CannotStart

SITE = "https://xinan.example"
ASK = """
import django; django.setup()
from django.test import Client
for address, host, proto in (
    ("/healthz", "localhost", ""), ("/metrics", "localhost", ""), ("/claims/", "xinan.example", ""),
    ("/inbox/unread/", "xinan.example", "https"),
):
    said = {"HTTP_X_FORWARDED_PROTO": proto} if proto else {}
    answer = Client(HTTP_HOST=host).get(address, **said)
    print(answer.status_code, answer.get("Location", "-"))
"""


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def run(*command: str, **env: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own, with the servers of this test run and secrets made up here."""
    told = {
        "DJANGO_SETTINGS_MODULE": "config.settings.production", "SECRET_KEY": secrets.token_urlsafe(50),
        "VAULT_KEYS": f"k1:{key()} index:{key()}", "ALLOWED_HOSTS": "xinan.example", "SITE_URL": SITE, "METRICS_TOKEN": "",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, *command], cwd=settings.ROOT, capture_output=True, text=True, env={**os.environ, **told, **env}, timeout=60
    )


def test_djangos_own_check_finds_nothing() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "VAULT_KEYS", "ALLOWED_HOSTS", "SITE_URL"])
def test_what_nobody_chose_is_asked_for_by_name(name: str) -> None:
    done = run("manage.py", "check", **{name: ""})
    assert done.returncode != 0
    assert f"{name} is not set" in done.stderr


def test_an_online_hearing_through_the_relay_alone_needs_one() -> None:
    done = run("manage.py", "check", ONLINE_RELAY_ONLY="1")
    assert done.returncode != 0
    assert "without ONLINE_TURN nobody would be connected" in done.stderr
    assert run("manage.py", "check", ONLINE_RELAY_ONLY="1", ONLINE_TURN="turn:turn.example.test:3478", ONLINE_TURN_SECRET="north").returncode == 0


def test_only_the_probes_get_through_by_plain_http(tmp_path: Path) -> None:
    """bin/serve asks past the proxy, under a name every settings module allows."""
    (tmp_path / "static").mkdir()
    done = run("-c", ASK, XINAN_DATA=str(tmp_path))
    assert done.returncode == 0, done.stderr
    health, metrics, plain, proxied = done.stdout.splitlines()
    assert health in ("200 -", "503 -"), done.stderr
    assert metrics == "401 -"  # no token is set: nobody reads them
    assert plain == f"301 {SITE}/claims/"
    assert proxied == "286 -"


def test_the_site_must_be_named_in_production_and_is_guessed_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.production")
    with pytest.raises(CannotStart, match="SITE_URL"):
        serve.choose_site("127.0.0.1", 8000)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "config.settings.local")
    assert serve.choose_site("::1", 8000) == "http://[::1]:8000"
