"""`previsit evaluate screening|triage|drafts|retrieval FILE…`: the scorecards, printed and written as a report."""

import asyncio
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel

from app.assistance import encoder_of
from app.drafting import scored_by_each
from app.exits import clinic_or_exit, fail, say, settings_or_exit
from app.paraphrases import suspects_of
from app.retrieval_corpora import Answer, Question
from app.retrieval_score import Answered
from app.retrieval_trial import QUESTIONS, Corpus, Unjudgeable, encyclopaedia, judged, tried
from app.score_report import Report, drafts_report, retrieval_report, screening_report, triage_report, write
from app.screening import BadLine, read_lines
from app.screening_score import LabelledMessage, score_screening
from app.triage_score import Vignette, score_triage
from app.visits import read_visits
from knowledge.embedding import Encoder
from knowledge.errors import KnowledgeError
from knowledge.finding_files import files as files_in
from knowledge.ingest import load
from knowledge.starter import starter_guidelines
from knowledge.vector_cache import CachingEncoder

evaluate_app = typer.Typer(no_args_is_help=True)

T = TypeVar("T", bound=BaseModel)

Files = Annotated[list[Path], typer.Argument(help="files of JSON lines", exists=True, dir_okay=False)]
Folder = Annotated[Path | None, typer.Option("--report", help="folder for report.md and report.png")]


@evaluate_app.command()
def screening(files: Files, report: Folder = None) -> None:
    """Judge what first messages do.

    Reads lines {"id", "text", "label": "emergency" | "ordinary", "family"?, "age_years"?, "sex"?}. Prints how many
    emergencies are paged or asked back and how many ordinary messages are, with 95 % intervals, and every miss.
    """
    settings = settings_or_exit()
    messages = told(read(files, LabelledMessage))
    score = score_screening(messages, clinic_or_exit(settings), settings.language, suspects_of(settings))
    finish(screening_report(score), report)


@evaluate_app.command()
def triage(files: Files, report: Folder = None) -> None:
    """Judge whole interviews against scripted patients.

    Reads lines {"id", "opening", "age_years", "sex", "present", "absent", "level": a level or a list of right ones}.
    Prints accuracy, strictly safe, over-triage, each level's recall, turns, and every miss with its reason.
    """
    settings = settings_or_exit()
    vignettes = told(read(files, Vignette))
    score = score_triage(vignettes, clinic_or_exit(settings), settings.language, suspects_of(settings))
    finish(triage_report(score), report)


@evaluate_app.command()
def drafts(
    files: Files,
    report: Folder = None,
    model: Annotated[list[str], typer.Option("--model", metavar="NAME=GGUF", help="a model file to score")] = [],  # noqa: B006
    asked: Annotated[bool, typer.Option("--asked", help="score the model that the settings name, too")] = False,
    count: Annotated[int, typer.Option(min=1, help="at most so many visits")] = 1000,
) -> None:
    """Judge drafts: from the rules alone, and by models beside them.

    Reads lines {"id", "opening", "age_years", "sex", "present", "absent", "level"?}, lines {"id", "transcript", "note"}
    whose transcript marks speakers by D: and P:, or a table (.csv) with the columns ID, dialogue, section_text and
    perhaps section_header. A note may be {"note", "highlights": [phrases that its writer marked]}.

    A draft is held against the record (what we understood) and, where there is one, against the clinician's note. Of a
    note its history counts: the part before an examination, an impression or a plan. A sentence in which we understand
    nothing counts as not told; one is told when the draft tells every finding read in it, present ones as present,
    denied ones as denied, numbers as the same numbers. A sentence counts as read with one finding read in it. A
    highlight is told by its findings or by its very words. "Record not contradicted" and "record borne out" look at
    our record: facts of which the note says the opposite, and present facts that the note has, too (a note leaves
    much out). What is not read, not told, contradicted or not in the note is listed.

    "Clinical accuracy" is counted where a line says the right level, "level as the rules'" everywhere.
    """
    settings = settings_or_exit()
    clinic = clinic_or_exit(settings)
    try:
        visits = [visit for path in files for visit in read_visits(path)][:count]
        if not visits:
            fail(f"{files[0]} is empty.")
    except BadLine as error:
        fail(str(error))
    named = dict(each.split("=", 1) for each in model if "=" in each)
    if len(named) < len(model):
        fail("--model wants NAME=FILE, like --model tuned=runs/tuned.gguf")
    for path in named.values():
        if not Path(path).is_file():
            fail(f"There is no file {path}.")
    finish(drafts_report(asyncio.run(scored_by_each(visits, settings, clinic, named, asked))), report)


@evaluate_app.command()
def retrieval(
    files: Annotated[list[Path] | None, typer.Argument(help="files of JSON lines", exists=True, dir_okay=False)] = None,
    report: Folder = None,
    over: Annotated[
        Path | None, typer.Option(help="folder of the guidelines that are asked about", exists=True, file_okay=False)
    ] = None,
    questions: Annotated[int, typer.Option(min=1, help="at most so many of a corpus's own questions")] = 300,
    seed: Annotated[int, typer.Option(help="which of them")] = 0,
) -> None:
    """Judge how well guidelines are found: by words, by meaning, and by both as an assessment does.

    Reads lines {"id", "query", "kind"?, "protocols"?, "age_years"?, "pregnant"?, "relevant": {document: 1 or 2}}, where
    nothing relevant means that nothing may be found; or a corpus, lines {"qid", "collection", "focus", "qtype",
    "question", "answer"}. Without a file, the built-in questions over the starter guidelines. Vectors are kept in the
    data folder: a second run takes seconds.
    """
    settings = settings_or_exit()
    corpus = corpus_or_exit(files or [QUESTIONS], over, questions, seed)
    try:
        with closing(CachingEncoder(encoder_of(settings, tell), settings.data_dir / "evaluated")) as encoder:
            scoped = asyncio.run(asked(corpus, encoder))
            everywhere = scoped if corpus.unscoped == corpus else asyncio.run(asked(corpus.unscoped, encoder))
    except KnowledgeError as error:
        fail(str(error))
    title = f"Retrieval: {len(corpus.questions)} questions over {len(corpus.entries)} documents"
    about = f"{corpus.passages} passages; encoder {encoder.name}"
    finish(retrieval_report(title, about, scoped, everywhere), report)


async def asked(corpus: Corpus, encoder: Encoder) -> list[Answered]:
    with TemporaryDirectory() as folder:
        return await tried(corpus, encoder, Path(folder) / "index", progress=shown)


def corpus_or_exit(files: list[Path], over: Path | None, most: int, seed: int) -> Corpus:
    """Files of questions, or of a corpus: by the first line."""
    try:
        if is_corpus(files[0]):
            return encyclopaedia(list(read(files, Answer)), most, seed)
        entries = load(files_in([over])).entries if over else starter_guidelines().entries
        return judged(entries, read(files, Question))
    except Unjudgeable as error:
        fail(str(error))


def is_corpus(path: Path) -> bool:
    with path.open("rb") as lines:
        return b'"qid"' in next(lines, b"")


def shown(done: int, total: int) -> None:
    """How far the embedding has come, on a terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{done}/{total} vectors", err=True, nl=done == total)


def tell(line: str) -> None:
    typer.echo(line, err=True)


def read(files: list[Path], model: type[T]) -> Iterator[T]:
    for path in files:
        there = False
        try:
            with path.open("rb") as lines:
                for item in read_lines(lines, model):
                    there = True
                    yield item
        except BadLine as error:
            fail(f"{path}: {error}")
        if not there:
            fail(f"{path} is empty.")


def told(items: Iterator[T]) -> Iterator[T]:
    """The items, with their count told on the terminal as they go by."""
    shown = sys.stderr.isatty()
    for number, item in enumerate(items, start=1):
        if shown and number % 25 == 0:
            typer.echo(f"\r{number} …", err=True, nl=False)
        yield item
    if shown:
        typer.echo("\r", err=True, nl=False)


def finish(report: Report, folder: Path | None) -> None:
    say(report.text)
    if folder:
        for line in write(report, folder):
            say(line)
