"""The app's icon as PNG, drawn from the same lines as favicon.svg: phones want no SVG, and no picture library is needed.

    python -m config.icons     draws config/static/icons anew
"""

import struct
import zlib
from pathlib import Path

SIZES = (180, 192, 512)
GROUND = (12, 100, 112)
STEPS = (  # left, top, right, bottom in 64ths, and colour: township, county, city
    (16.5, 42, 25, 52, (155, 216, 220)), (27.75, 36, 36.25, 52, (205, 238, 240)), (39, 30, 47.5, 52, (255, 255, 255)),
)  # fmt: skip
ROOF, THICK = ((11, 29), (32, 12), (53, 29)), 2.75
FINE = 3  # samples a side of each pixel, so that edges are smooth


def draw(size: int) -> bytes:
    """Filled to the corners, so that a phone may cut out any shape (what matters keeps off the edge)."""
    rows = (b"\0" + b"".join(bytes(pixel(x, y, size)) for x in range(size)) for y in range(size))
    header = struct.pack(">IIBBBBB", size, size, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"".join(rows), 9)) + chunk(b"IEND", b"")


def name_of(size: int) -> str:
    return f"icons/app-{size}.png"


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def pixel(x: int, y: int, size: int) -> tuple[int, int, int]:
    first = colour((x + 0.5) * 64 / size, (y + 0.5) * 64 / size)
    corners = {colour((x + dx) * 64 / size, (y + dy) * 64 / size) for dx in (0, 1) for dy in (0, 1)}
    if corners == {first}:
        return first
    seen = [colour((x + (i + 0.5) / FINE) * 64 / size, (y + (j + 0.5) / FINE) * 64 / size) for i in range(FINE) for j in range(FINE)]
    return tuple(sum(part) // len(seen) for part in zip(*seen, strict=True))  # type: ignore[return-value]


def colour(x: float, y: float) -> tuple[int, int, int]:
    for left, top, right, bottom, paint in STEPS:
        if left <= x <= right and top <= y <= bottom:
            return paint
    if any(distance((x, y), *line) <= THICK for line in zip(ROOF, ROOF[1:], strict=False)):
        return (255, 255, 255)
    return GROUND


def distance(point: tuple[float, float], start: tuple[float, float], end: tuple[float, float]) -> float:
    """Of a point from a line between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    along = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    along = min(1.0, max(0.0, along))
    return ((px - ax - along * (bx - ax)) ** 2 + (py - ay - along * (by - ay)) ** 2) ** 0.5


if __name__ == "__main__":
    folder = Path(__file__).resolve().parent / "static"
    for size in SIZES:
        (folder / name_of(size)).write_bytes(draw(size))
