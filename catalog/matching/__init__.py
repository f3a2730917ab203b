"""Which track a name means: exact evidence first, then names that are spelled, mistyped or garbled another way.

`find` answers for many names at once, `suggestions` gives what a person may choose from. The same name against the
same catalogue always gets the same answer, alone or among millions. docs/matching.md says how and how well.
"""

from catalog.matching.decide import Asked, Found, Ranked
from catalog.matching.engine import find, find_literal, find_staged, stage, suggestions, suggestions_for
from catalog.matching.wording import method_text, reason_text
