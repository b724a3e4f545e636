"""A QR code as SVG, to stand in the page itself. High correction: a notice on a site gets dirty."""

import segno
from django.utils.safestring import SafeString, mark_safe


def drawn(url: str) -> SafeString:
    return mark_safe(segno.make(url, error="h", micro=False).svg_inline(scale=8, border=4, omitsize=True, svgclass="qr", lineclass=None))
