"""A wage sheet (工资表) as workers, or those who speak for them, hand it in: read, understood, checked.

    reading  → table     the bytes of a file or pasted text → tables of cells (xlsx, xls, text; run `apart`)
    header, fields       which line is the header, which column is what
    cells, rows          one cell, one line
    total, people, check the sheet's own totals, who is the same person, everything wrong at once

None of these knows Django, and none guesses: what cannot be read for certain is said, at its cell.
"""
