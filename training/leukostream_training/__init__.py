"""Organises C-NMC 2019, trains the first lymphoblast classifier on it and exports the bundle that inference loads."""
