"""A process of its own that reads a stranger's PDF: counts its pages, draws one of them as a picture. Whatever such a file does to whoever
reads it, it does here: with little time, little memory, and nothing to write but the answer.

    python -P -m mediation.online.leaf_drawing FILE          its pages, and whether letters are missing in the pictures of them
    python -P -m mediation.online.leaf_drawing FILE 3 OUT    the third one into OUT

Django-free. Ends with 0 if it went well.
"""

import json
import resource
import sys
import tempfile
from pathlib import Path
from typing import Any

import typst
from pypdf import PageObject, PdfReader

from arrears.stranger_pdf import of_stranger

SECONDS, MEMORY = 20, 2 * 1024**3  # of the processor; of addresses
MOST_BYTES = 40 * 1024 * 1024  # of a picture
MOST_LEAVES = 200
# One page, as wide or as high as fits: whatever size the file says it has, no more points than these come out.
LAYOUT = """
#set page(margin: 0pt, width: auto, height: auto)
#let leaf(..size) = image("it.pdf", page: int(sys.inputs.page), ..size)
#context {
  let own = measure(leaf())
  let grow = calc.min(1200pt / own.width, 1700pt / own.height)
  leaf(width: own.width * grow, height: own.height * grow)
}
"""


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_BYTES, MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def count(content: bytes) -> tuple[int, bool] | None:
    """None: locked, broken, empty or too long."""
    return of_stranger(content, MOST_LEAVES, read)


def read(reader: PdfReader) -> tuple[int, bool]:
    return len(reader.pages), any(lacks_faces(page) for page in reader.pages)


def lacks_faces(page: PageObject) -> bool:
    """Chinese in a font that the file names and does not bring along: a reader has it, the one who draws here has not."""
    return any(is_lacking(font.get_object()) for font in part(part(page, "/Resources"), "/Font").values())


def is_lacking(font: Any) -> bool:
    if font.get("/Subtype") != "/Type0":
        return False
    described = [part(one.get_object(), "/FontDescriptor") for one in font["/DescendantFonts"].get_object()]
    return any(not {"/FontFile", "/FontFile2", "/FontFile3"} & set(one) for one in described)


def part(whole: Any, name: str) -> Any:
    found = whole.get(name)
    return found.get_object() if found is not None else {}


def draw(content: bytes, page: int) -> bytes:
    """Raises typst.TypstError."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "it.pdf").write_bytes(content)
        (place / "leaf.typ").write_text(LAYOUT)
        return typst.Compiler(str(place / "leaf.typ"), root=folder, ignore_system_fonts=True, sys_inputs={"page": str(page)}).compile(format="png", ppi=72)


def main(file: str, page: str = "", out: str = "") -> int:
    content = Path(file).read_bytes()
    limit()
    if not page:
        found = count(content)
        sys.stdout.write(json.dumps(found))
        return 0 if found else 1
    try:
        Path(out).write_bytes(draw(content, int(page)))
    except typst.TypstError as error:
        sys.stderr.write(str(error)[:300])
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
