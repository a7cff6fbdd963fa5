"""The project's own track file as pydantic sees it; a module apart, so that built-in tracks load without pydantic."""

import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from qrace.errors import printable
from qrace.sim.road_shape import TrackError
from qrace.sim.track_files import LONGEST_DESCRIPTION, LONGEST_TITLE, MOST_POINTS

FORMAT_VERSION = 1
_LONGEST_NAME = 40
"""So much of a field's name is told."""

Metres = Annotated[float, Field(allow_inf_nan=False)]
Widths = Metres | Annotated[list[Metres], Field(max_length=MOST_POINTS)]
Text = Annotated[str, AfterValidator(printable)]
"""What no font can show gets a mark; a strange letter in a title is no reason to lose the road."""


class TrackDocument(BaseModel):
    """One track file: JSON, metres, x to the right and y up."""

    model_config = ConfigDict(extra="forbid", strict=True)

    format_version: Literal[1] = Field(description="the number 1")
    title: Text = Field(
        min_length=1, max_length=LONGEST_TITLE, description=f"the name shown to people, 1 to {LONGEST_TITLE} characters"
    )
    description: Text = Field(
        default="", max_length=LONGEST_DESCRIPTION, description="one line about the road's character"
    )
    start_m: Metres = Field(
        default=0.0, description="the start line's distance from the first point in driving direction [m]"
    )
    reversed: bool = Field(
        default=False, description="true to drive from the first point to the last and back along the list"
    )
    drawn: bool = Field(
        default=False, description="true if a person set each point by hand, so that the editor keeps them as they are"
    )
    width_left: Widths = Field(
        description="the distance to the left edge in metres, one number or a list with one per point"
    )
    width_right: Widths = Field(
        description="the distance to the right edge in metres, one number or a list with one per point"
    )
    points: Annotated[list[tuple[Metres, Metres]], Field(max_length=MOST_POINTS)] = Field(
        description="the closed centre line, a list of [x, y] in metres"
    )


def parse_document(text: str) -> dict[str, Any]:
    """The fields of a track file.

    Raises:
        TrackError: one sentence on the first fault, naming the field and the cure.
    """
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        place = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise TrackError(f"this is no complete JSON{place}; is the file cut short, or of another kind?") from error
    try:
        return TrackDocument.model_validate_json(text).model_dump()
    except ValidationError as error:
        raise TrackError(_first_fault(error)) from error


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False, include_input=True)[0]
    if not fault["loc"]:
        return "the file must hold one JSON object, {...}, with the track's fields."
    name = str(fault["loc"][0])
    field = name + "".join(f"[{part}]" for part in fault["loc"][1:] if isinstance(part, int))
    if fault["type"] == "extra_forbidden":
        return f"{printable(name[:_LONGEST_NAME])}: no such field; a track has {', '.join(TrackDocument.model_fields)}."
    description = TrackDocument.model_fields[name].description
    if name == "format_version":
        return (
            f"format_version: must be {FORMAT_VERSION}, the only version this game reads; update the game or the file."
        )
    complaint = fault["msg"][0].lower() + fault["msg"][1:]
    return f"{field}: {complaint}; give {description}."
