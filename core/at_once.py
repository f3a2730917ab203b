"""Changes of tables that are made at once, so that migrating stays quick."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    CreateModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

OPERATIONS = (
    CreateModel | AddField | AddIndex | AddConstraint | AlterField | RemoveField | RemoveIndex | RemoveConstraint
)


class AtOnce(Operation):
    """Makes tables in their final shape, and changes others, with the models as they are after all `operations`.

    Django renders all related models anew after each field, index and constraint: 25 seconds for an empty database,
    where the statements themselves take one. Here the models are rendered once, when all operations are known. What
    is said of a table that is made here is part of it from the start. Nothing may be said twice of one field.

    What takes a rule away is given the models that still have the fields the rule is about.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        assert all(isinstance(operation, OPERATIONS) for operation in operations)
        made = {operation.name_lower for operation in operations if isinstance(operation, CreateModel)}
        self.operations = operations
        self.steps = [operation for operation in operations if getattr(operation, "model_name_lower", "") not in made]

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """This will note all changes; the models are rendered when next asked for."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """This will change the tables; foreign keys follow at the end of the migration, so the order is free."""
        for operation in self.steps:
            after = from_state if isinstance(operation, RemoveConstraint) else to_state
            operation.database_forwards(app_label, schema_editor, from_state, after)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """This will take the changes back, the last one first."""
        for operation in reversed(self.steps):
            after = from_state if isinstance(operation, AddConstraint | AddIndex) else to_state
            operation.database_backwards(app_label, schema_editor, from_state, after)

    def describe(self) -> str:
        """This will say what `migrate` shows."""
        return f"{len(self.steps)} changes of tables"
