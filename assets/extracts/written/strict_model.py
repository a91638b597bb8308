"""What a person writes in a file of the landing folder, held to what it may say.

Belongs here: the base of all such models, and the error that names every field at fault. Not here:
any one file (`cards/card.py`, `corrections.py` and others), and how YAML is read (`yaml_file.py`).
"""

from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from assets.extracts.errors import DocumentError


class StrictModel(BaseModel):
    """No field that is not known, no text for a number, and nothing changed once it is read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def wrong_fields(name: str, error: ValidationError, expected: str, advice: str) -> DocumentError:
    """Every field of the file `name` that is wrong, the first as the fault, the others after it."""
    first, *rest = (_problem(item["loc"], item["msg"], item["input"]) for item in error.errors())
    return DocumentError(
        name,
        field=first[0],
        found=first[1],
        expected=expected,
        advice=advice,
        more=tuple(f"Also field {field}: {found}." for field, found in rest),
    )


def _problem(loc: tuple[int | str, ...], message: str, value: object) -> tuple[str, str]:
    # A key of digits stands in quotes in a file; a number is the place in a list.
    parts = [f'"{p}"' if isinstance(p, str) and p[:1].isdigit() else str(p) for p in loc]
    field = ".".join(parts)
    text = message.removeprefix("Value error, ").rstrip(".")
    if message == "Field required":
        return field, "the field is missing"
    if message == "Extra inputs are not permitted":
        return field, "no such field is known"
    if isinstance(value, str | int | float | date) and loc[-1:] != ("password",):
        text += f" (found {str(value)!r})"
    return field or "(whole file)", text
