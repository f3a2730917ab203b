"""Shapes of the outside world: what people paste, what stores are sent. Text in or out; knows no framework."""
