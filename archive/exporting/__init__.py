"""Articles taken away: any selection of them, in the formats of those who work with them."""
