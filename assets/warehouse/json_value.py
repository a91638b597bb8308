"""Values of the warehouse as JSON has them.

Belongs here: that. Not here: the text around them.
"""

import math
from decimal import Decimal
from typing import Any


def json_value(value: Any) -> Any:
    """Infinity and what is no number are null, bytes hexadecimal, dates texts."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list | tuple):
        return [json_value(each) for each in value]
    if isinstance(value, dict):
        return {str(key): json_value(each) for key, each in value.items()}
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        return json_value(float(value))
    return str(value)
