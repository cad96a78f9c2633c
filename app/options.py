"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

CaseName = Annotated[str, typer.Argument(metavar="CODE_OR_ID", help="the code that staff see, or the case's id")]
DataDir = Annotated[Path | None, typer.Option(help="where everything is kept")]
EmergencyNumber = Annotated[str | None, typer.Option(help="the number that patients are told to call")]
ModelSwitch = Annotated[bool | None, typer.Option("--model/--no-model", help="whether a model is asked at all")]
Port = Annotated[int | None, typer.Option(help="port to listen on; 0 takes a free one")]
