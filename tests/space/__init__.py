"""The whole input space: millions of consistent patients against limits written by hand from labels."""
