"""The tour: plays, records and checks the tutorial's scripts."""
