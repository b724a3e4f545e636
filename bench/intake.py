"""Intake on a cheap phone: how much must be filled in, how much comes over the wire before one can begin, and what
Lighthouse (mobile) and axe say of intake and of the pages anybody may open.

Lighthouse comes from npm, pinned in bench/npm, into the data folder of the run; the browser is this machine's Chromium.
"""

import io
import json
import os
import shutil
import subprocess
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from bench.faults.lossy import LossyNetwork
from bench.processes import kill, start
from bench.report import Figures, say
from config.embedded.process import pick_port
from config.serve import list_children
from config.static_files import collect_changed
from tests.base import Cast

HOST = "127.0.0.1"
NPM = Path(__file__).resolve().parent / "npm"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = "--headless=new --no-sandbox --disable-gpu --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage"
CATEGORIES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best_practices"}
LANGUAGE = "zh-CN"
# What anybody may open, and what a grid worker opens first. A name that is no address is an error.
PUBLIC = ("sign_in", "track", "report")
OWN = ("claim_new", "field_app")


def run(size: int) -> Figures:
    """`size`: how often each page is looked at; the median counts, for a busy machine makes a page look slow."""
    chromium = find_browser()
    folder = install(Path(settings.DATA) / "npm")
    call_command("migrate", verbosity=0, interactive=False)
    Cast.make_cast()
    call_command("load_regions", verbosity=0, stdout=io.StringIO())  # the whole country, as an installation has it
    collect_changed()
    client = Client()
    client.force_login(Cast.grid_worker)
    session = client.cookies["sessionid"].value
    port = pick_port(None)
    web = next(child for child in list_children(Path(settings.DATA), HOST, port) if child.name == "web")
    with (Path(settings.DATA) / "log/bench-web.log").open("w") as log:
        process = start(command=web.command, stdout=log, stderr=log)
        try:
            wait_for(f"http://{HOST}:{port}/sign-in/")
            return measured(size, port, session, folder, chromium)
        finally:
            kill(process)


def find_browser(path: str | None = None) -> str:
    """Says in a sentence what this machine (the folders of `path`) lacks."""
    found = next(filter(None, (shutil.which(name, path=path) for name in BROWSERS)), None)
    needed = {"Chromium": found, "Node.js": shutil.which("node", path=path), "npm": shutil.which("npm", path=path)}
    if missing := [name for name, there in needed.items() if not there]:
        raise SystemExit(f"bin/bench intake: not on this machine: {', '.join(missing)} (apt-get install chromium nodejs npm).")
    assert found
    return found


def install(folder: Path) -> Path:
    say("Lighthouse from npm")
    shutil.copytree(NPM, folder, dirs_exist_ok=True)
    if code := subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, stdout=subprocess.DEVNULL).returncode:
        raise SystemExit(f"bin/bench intake: npm could not install what bench/npm/package-lock.json names (it ended with {code}).")
    return folder


def wait_for(url: str) -> None:
    limit = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.3)


def measured(size: int, port: int, session: str, folder: Path, chromium: str) -> Figures:
    base, public, own = f"http://{HOST}:{port}", [*map(reverse, PUBLIC)], [*map(reverse, OWN)]
    say("the whole way of a claim, at 360 px")
    walk = spoken(["node", "walk.mjs", base, session, chromium, reverse("field_app"), *public], folder)
    with LossyNetwork((HOST, port)) as wire:
        spoken(["node", "first.mjs", f"{wire.url}{reverse('claim_new')}", session, chromium], folder)
        weight = wire.bytes_sent
    pages = {path: lighthouse(base + path, session if path in own else "", folder, chromium, size) for path in (*own, *public)}
    for fault in walk["faults"]:
        say(fault)
    return {
        "required_fields": len(walk["fields"]), "asked": walk["fields"], "first_page_bytes": weight,
        "lighthouse": pages, "axe_serious": len(walk["faults"]),
    }  # fmt: skip


def spoken(command: list[str], folder: Path) -> dict[str, Any]:
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, text=True, timeout=300, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def lighthouse(url: str, session: str, folder: Path, chromium: str, times: int) -> dict[str, int]:
    looks = [look(url, session, folder, chromium) for _number in range(times)]
    return {name: round(median(one[name] for one in looks)) for name in CATEGORIES.values()}


def look(url: str, session: str, folder: Path, chromium: str) -> dict[str, float]:
    command = [
        "node", "node_modules/lighthouse/cli/index.js", url, "--quiet", "--output=json", "--output-path=stdout", "--form-factor=mobile",
        f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}",
    ]  # fmt: skip
    headers = {"Accept-Language": LANGUAGE, **({"Cookie": f"sessionid={session}"} if session else {})}
    command.append("--extra-headers=" + json.dumps(headers))
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.PIPE, text=True, timeout=240, check=True, env={**os.environ, "CHROME_PATH": chromium}
    )
    found = json.loads(done.stdout)
    if found["finalDisplayedUrl"] != url:
        raise RuntimeError(f"{url} led to {found['finalDisplayedUrl']}")
    for audit in found["audits"].values():
        if audit["score"] == 0 and audit.get("scoreDisplayMode") == "binary":
            say(f"{url} {audit['id']}: {audit['title']}")
    return {key: 100 * found["categories"][name]["score"] for name, key in CATEGORIES.items()}
