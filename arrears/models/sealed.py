"""ID numbers in a row: sealed, found by a blind index, shown masked (grid.vault)."""

from arrears.identity import mask_id
from grid.vault import blind_index, open_sealed, seal


class SealedIdNumber:
    """For a model with id_sealed, id_index and id_masked. `SEAL`: what its numbers are sealed as."""

    SEAL: str

    def put_id_number(self, number: str) -> None:
        """Seals a checked number into the row (not saved); "" leaves it unknown (不详)."""
        self.id_sealed = seal(number, self.SEAL) if number else ""
        self.id_index = blind_index(number, self.SEAL) if number else ""
        self.id_masked = mask_id(number) if number else ""

    def id_number(self) -> str:
        """The number itself. Call only where that is logged with a reason: casework.reveal_id_number, arrears.papers.numbers."""
        return open_sealed(self.id_sealed, self.SEAL) if self.id_sealed else ""
