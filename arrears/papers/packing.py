"""A Word file written so that the same content gives the same bytes, whenever it is saved."""

import zipfile
from datetime import datetime
from io import BytesIO

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE as RT

LONG_AGO = datetime(2000, 1, 1)
NEEDLESS = (RT.THUMBNAIL, RT.CUSTOM_XML, "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects")


def packed(document: Docx) -> bytes:
    for part in (document.part, document.part.package):
        for name in [name for name, link in part.rels.items() if link.reltype in NEEDLESS]:
            part.rels.pop(name)
    said = document.core_properties
    said.created = said.modified = said.last_printed = LONG_AGO
    said.author = said.last_modified_by = said.comments = said.title = ""
    said.revision = 1
    saved = BytesIO()
    document.save(saved)
    return repacked(saved)


def repacked(saved: BytesIO) -> bytes:
    again = BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.infolist(), key=lambda part: (part.filename != "[Content_Types].xml", part.filename)):
            new.writestr(zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0)), old.read(part), zipfile.ZIP_DEFLATED)
    return again.getvalue()
