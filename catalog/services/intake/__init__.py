from catalog.services.intake.files import (
    FileTooLarge,
    ImportOutcome,
    import_catalogue,
    receive_catalogue,
    run_import,
    waiting_imports,
)

__all__ = [
    "FileTooLarge",
    "ImportOutcome",
    "import_catalogue",
    "receive_catalogue",
    "run_import",
    "waiting_imports",
]
