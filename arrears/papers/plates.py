"""Evidence as pages: pictures scaled to the page, and for what no page can show (sound, video, Word and Excel files) a page
that says where it lies and what its fingerprint is."""

import json
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst
from PIL import Image, ImageOps

from arrears.papers.fonts import faces_for, fonts

LAYOUT = (Path(__file__).parent / "plates.typ").read_bytes()
SHOWN = frozenset({"jpg", "png", "webp", "gif"})
MOST_POINTS = 60_000_000  # what claims to be larger is meant to fill the memory
NO_PICTURE = "证据.内容"  # the gap of a packet whose evidence cannot be read, as the gaps of papers are called by their fields
LONGEST_SIDE = 1800  # points of a picture on the page: some 170 to the inch
QUALITY = 80


@dataclass(frozen=True)
class Plate:
    caption: str
    note: str  # in place of a picture
    sha256: str
    file: Path | None = None  # of a picture


@dataclass(frozen=True)
class Drawn:
    """A PDF of one page for each plate, in order, and for each whether its picture could be drawn."""

    pdf: bytes
    shown: list[bool]


def plates_of(plates: Sequence[Plate], day: date) -> Drawn:
    """Raises Refused: no_glyph."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = [drawn_in(Path(folder), number, plate) for number, plate in enumerate(plates)]
        faces = faces_for("".join(text for plate in plates for text in (plate.caption, plate.note)))
        data = {"year": day.year, "month": day.month, "day": day.day, "faces": faces, "list": drawn}
        # the layout lies beside the pictures, as typst opens nothing outside of its root
        (Path(folder) / "plates.typ").write_bytes(LAYOUT)
        said = {"plates": json.dumps(data, ensure_ascii=False)}
        compiler = typst.Compiler(f"{folder}/plates.typ", root=folder, font_paths=fonts(tuple(faces)), sys_inputs=said)
        return Drawn(compiler.compile(format="pdf", timestamp=0), [bool(one["picture"]) for one in drawn])


def drawn_in(folder: Path, number: int, plate: Plate) -> dict[str, str]:
    name = f"{number}.jpg"
    is_shown = plate.file is not None and shrink(plate.file, folder / name)
    return {"caption": plate.caption, "note": plate.note, "sha": f"SHA-256 {plate.sha256}", "picture": name if is_shown else ""}


def shrink(source: Path, target: Path) -> bool:
    """The picture as it is seen, written anew for a page of paper; whether it could be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(source) as picture:
                if picture.width * picture.height > MOST_POINTS:
                    return False
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                flat = Image.new("RGB", upright.size, "white")
                has_holes = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
                seen = upright.convert("RGBA") if has_holes else upright.convert("RGB")
                flat.paste(seen, mask=seen.getchannel("A") if has_holes else None)
                flat.save(target, "JPEG", quality=QUALITY)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True
