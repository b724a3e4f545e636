"""How often one address, or one telephone, may report. Counted before it is written, so that many at once do not slip
through together; a page sent again is not counted."""

import hashlib

from arrears.worker.tracking import count

PER_ADDRESS = 20  # an hour: a site's wireless network, or a carrier's gateway, is one address to us
PER_PHONE = 3
WITHOUT_PHONE = 5  # from one address: nothing else holds back who leaves none


def may_report(phone: str, address: str | None) -> bool:
    """Raises RedisError when nobody can count."""
    own = {f"report:phone:{hashlib.sha256(phone.encode()).hexdigest()}": PER_PHONE} if phone else {f"report:none:{address}": WITHOUT_PHONE}
    keys = {**own, f"report:address:{address}": PER_ADDRESS}
    return all([count(key) <= limit for key, limit in keys.items()])  # a list: each is counted
