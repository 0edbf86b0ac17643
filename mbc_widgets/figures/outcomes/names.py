"""The names of the pictures of the outcomes. A page needs them before anything is simulated, so that NumPy is not imported here."""

ONE = ("survival", "occupancy", "sources", "swimmer", "reach", "clinic", "harms", "quality")  # of each sequence
PAIR = "people"  # made of two sequences; its single ones are those of the occupancy
FIRST = ("survival", "sources", "occupancy")  # open at first
ALL = (*ONE, PAIR)
