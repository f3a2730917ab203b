from catalog.services.intake.files import (
    FileTooLarge,
    ImportOutcome,
    confirm_import,
    continue_import,
    drop_import,
    import_catalogue,
    preview_import,
    receive_catalogue,
    run_import,
    waiting_imports,
)
