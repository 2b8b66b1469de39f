"""Samples for research: stratified, drawn by chance, and the same again for whoever repeats it."""
