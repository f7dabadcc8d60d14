"""The tests: ``trial tests`` runs the tutorial's and the companion's."""
