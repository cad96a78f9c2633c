"""`previsit train …` and `previsit model …`: becomes the training script, so that the command line and the server never
import it or torch, and whoever stops the command has stopped the step."""

import importlib.util
import os
import sys
from collections.abc import Callable

import typer

from app import model_cli
from app.exits import fail

STAGES = {
    "deid": "Take the identifiers out of a clinic's records, or refuse.",
    "data": "Write a training set from the clinical content: cases, prompts and the drafts they should get.",
    "base": "Unpack a GGUF file into a folder to train from.",
    "pretrain": "Let a base model read guidelines.",
    "sft": "Tune a base model to write the drafts.",
    "merge": "Merge an adapter into its base model.",
    "safety": "Teach a tuned model to prefer drafts without faults.",
    "export": "Export a merged model to a GGUF file.",
    "parity": "Prove that what is served says what was trained.",
}
ON_MODELS = {
    "evaluate": "Score models side by side on cases of protocols that none was trained on.",
    "promote": "Put a tuned model into service, unless it is more dangerous than the one it replaces.",
}
WITHOUT_TORCH = ("data", "promote", "evaluate")
WITH_PRESIDIO = ("deid", "deid_score")
REST = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}

train_app = typer.Typer(no_args_is_help=True)
model_app = typer.Typer(no_args_is_help=True)


@train_app.callback()
def _train() -> None:
    """From the clinical content to a tuned model that is served here. Each step shows its options with --help."""


@model_app.callback()
def _model() -> None:
    """The model that drafts."""


def add_scores(evaluate_app: typer.Typer) -> None:
    """`previsit evaluate deid`, and `evaluate model` (as `model evaluate`), beside the scorecards of the chat."""
    told = "Score de-identification on texts whose identifiers are marked."
    evaluate_app.command("deid", help=told, context_settings=REST)(_runs("deid_score"))
    evaluate_app.command("model", help=ON_MODELS["evaluate"], context_settings=REST)(_runs("evaluate"))


def _runs(name: str) -> Callable[[typer.Context], None]:
    def command(context: typer.Context) -> None:
        needed = "presidio_analyzer" if name in WITH_PRESIDIO else "torch"
        if name not in WITHOUT_TORCH and importlib.util.find_spec(needed) is None:
            fail("Training needs its own packages: pip install 'previsit[train]'")
        sys.stdout.flush()
        os.execv(sys.executable, [sys.executable, "-m", f"training.{name}", *context.args])  # noqa: S606 - no shell

    return command


for _name, _help in STAGES.items():
    train_app.command(_name, help=_help, context_settings=REST)(_runs(_name))
for _name, _help in ON_MODELS.items():
    model_app.command(_name, help=_help, context_settings=REST)(_runs(_name))
model_app.command("info")(model_cli.info)
model_app.command("try")(model_cli.attempt)
model_app.command("serve")(model_cli.serve)
