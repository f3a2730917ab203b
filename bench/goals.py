"""How a bench says what became of a goal, so that `make bench` can list all of them at its end."""


def said(goal: str, figure: str, *, is_reached: bool) -> str:
    """Word a goal's figure: `P5a  53 times transfer_to (goal 50): reached`."""
    return f"{goal:<4} {figure}: {'reached' if is_reached else 'NOT reached'}"
