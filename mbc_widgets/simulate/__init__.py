"""Lives along a sequence: what published figures imply for a group of people, with what is not known. Nothing here forecasts a person."""
