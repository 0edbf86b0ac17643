"""A row of values, each below a size of its own, as one number; the size of one may hang on those before it."""

from dataclasses import dataclass

Digits = list[tuple[int, int]]  # (value, size)


@dataclass
class Writer:
    """Collects values; `number` is below `scale`."""

    number: int = 0
    scale: int = 1

    def put(self, value: int, size: int) -> None:
        """Adds one value from 0 to below `size`."""
        self.number += value * self.scale
        self.scale *= size

    def put_all(self, digits: Digits) -> None:
        """Adds several."""
        for value, size in digits:
            self.put(value, size)

    def put_bytes(self, data: bytes) -> None:
        """Adds bytes, with their count before them in sevens of bits."""
        count = len(data)
        while count:
            self.put_all([(1, 2), (count % 128, 128)])
            count //= 128
        self.put(0, 2)
        self.put(int.from_bytes(data, "big"), 256 ** len(data))


@dataclass
class Reader:
    """Gives the values back in the order in which they were put; what is left of `number` stands above `scale`."""

    number: int
    scale: int = 1

    def take(self, size: int) -> int:
        """Give the next value, from 0 to below `size`."""
        self.number, value = divmod(self.number, size)
        self.scale *= size
        return value

    def take_bytes(self, most: int) -> bytes:
        """Give the bytes that were put.

        Raises:
            ValueError: more than `most` are told.

        """
        count, place = 0, 1
        while self.take(2):
            count += place * self.take(128)
            place *= 128
            if place > most * 128 or count > most:
                message = f"more than {most} bytes"
                raise ValueError(message)
        return self.take(256**count).to_bytes(count, "big")
