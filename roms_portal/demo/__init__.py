"""The demo world: real titles and artists, invented holders, claims and sales figures. Seeded: always the same."""
