"""How dates are written and read, per language (FORMAT_MODULE_PATH).

The first input format of each kind is what a browser's date field sends and needs as its value.
"""

ISO_DATES = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]
ISO_DATETIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]
ISO_TIMES = ["%H:%M", "%H:%M:%S"]
