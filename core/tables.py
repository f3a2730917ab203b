"""The first migration of an app makes its tables all at once."""

from collections.abc import Sequence

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """Makes every table of `operations` in its final shape.

    Django renders all related models anew after each field, index and constraint: 25 seconds for an empty database,
    where the statements themselves take one. Here the models are rendered once, when all operations are known, so
    what AddField, AddIndex and AddConstraint say is already part of the table that CreateModel makes. Nothing else
    can stand here.
    """

    def __init__(self, operations: Sequence[Operation]) -> None:
        assert all(isinstance(one, CreateModel | AddField | AddIndex | AddConstraint) for one in operations)
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """This will note all models; they are rendered when next asked for."""
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
        """This will make the tables; foreign keys follow at the end of the migration, so their order is free."""
        for operation in self._models():
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """This will drop the tables, the last one first."""
        for operation in reversed(self._models()):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        """This will say what `migrate` shows."""
        return f"Create {len(self._models())} tables"

    def _models(self) -> list[CreateModel]:
        return [operation for operation in self.operations if isinstance(operation, CreateModel)]
