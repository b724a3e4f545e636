# Sourced by the commands beside it, after REQUIREMENTS is set to the file they need.
# Leaves ROOT and PYTHON behind: the project and a Python that has every pinned package.

ROOT=$(CDPATH= cd -- "$(dirname -- "$(readlink -f -- "$0")")/.." && pwd) || exit 1
VENV="$ROOT/.venv"
PYTHON="$VENV/bin/python"
export PYTHONPATH="$ROOT"
unset PYTHONDONTWRITEBYTECODE PYTHONHOME  # without its byte code every command would start two seconds later

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${XINAN_PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if command -v "$candidate" >/dev/null 2>&1 && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    echo "需要 Python 3.11 或更高版本，本机没有找到。 / Python 3.11 or newer is needed and was not found on this machine." >&2
    exit 1
}

# The stamp is written last, so a half-made environment never carries the right one.
stamp=$(cd "$ROOT" && cat requirements.txt requirements-test.txt requirements.lock | cksum) || exit 1
if [ ! -x "$PYTHON" ] || [ "$stamp" != "$(cat "$VENV/installed-$REQUIREMENTS" 2>/dev/null)" ]; then
    base=$(find_python) || exit 1
    "$base" -I "$ROOT/bin/environment.py" "$REQUIREMENTS" "$stamp" >&2 || exit 1
fi
