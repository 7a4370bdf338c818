"""The command line. Exit codes: 0 done, 1 failed, 2 wrong usage."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.access import access
from workbench.cli.answers import answers, import_answers
from workbench.cli.backups import backup, check, restore
from workbench.cli.calls import calls, delete, enrich, export_corpus, retention
from workbench.cli.importing import describe, ingest, redaction, watch
from workbench.cli.live import live
from workbench.cli.notify import notify
from workbench.cli.output import JsonFlag, say, say_json, say_json_text, say_line, say_table
from workbench.cli.people import aliases, people
from workbench.cli.settings import settings
from workbench.cli.sides import company, sides
from workbench.cli.storage import corpus
from workbench.cli.tokens import tokens
from workbench.cli.trackers import trackers
from workbench.cli.transcribing import transcribe
from workbench.cli.trust import trust
from workbench.cli.workspace import HERE, MadeOption, SchedulerOption, WorkspaceOption, made, opened
from workbench.domain import plain_json
from workbench.domain.access import private_opener
from workbench.domain.errors import WorkbenchError
from workbench.domain.files import cannot_write
from workbench.domain.plurals import plural

app = typer.Typer(
    name="workbench",
    help="Train trackers that find a concept in recorded conversations.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.add_typer(tokens, name="tokens")
app.add_typer(trackers, name="trackers")
app.add_typer(aliases, name="aliases")
app.command()(live)
app.command()(access)
app.command()(corpus)
app.command()(answers)
app.command("import-answers")(import_answers)
for _command in (
    ingest, describe, calls, export_corpus, enrich, delete, retention, redaction, settings, people, company, sides,
    watch,
    backup, restore, check, trust, notify, transcribe,
):  # fmt: skip
    app.command(_command.__name__.replace("_", "-"))(_command)

WORKSPACE = "WORKBENCH_WORKSPACE"


@app.command()
def encode(scheduler: SchedulerOption = None, workspace: WorkspaceOption = HERE, as_json: JsonFlag = False) -> None:
    """Compute the vectors of all sentences that have none. An interrupted run continues where it stopped."""
    count = opened(workspace).encode(progress=not as_json, client=scheduler)
    say_json({"encoded": count}) if as_json else say(f"{plural(count, 'text')} encoded")


@app.command()
def detections(
    tracker: Annotated[str, typer.Argument(help="The tracker's name or id.")],
    workspace: WorkspaceOption = HERE,
    draft: Annotated[
        bool, typer.Option("--draft", help="Show what it would find now, with its current definition and training.")
    ] = False,
    as_json: JsonFlag = False,
    bom: Annotated[bool, typer.Option("--bom", help="Begin the CSV with a byte order mark, for spreadsheets.")] = False,
    to: Annotated[Path | None, typer.Option(help="Write to this .parquet or .csv file instead.")] = None,
) -> None:
    """Print what a published tracker has found, with the version that found it, as CSV or JSON, or write it to a file.

    In CSV, an apostrophe is put before text that looks like a formula.
    """
    from workbench.results.csv_export import to_csv
    from workbench.results.table_files import write_table

    known = opened(workspace)
    frame = known.draft_detections(tracker) if draft else known.detections(tracker)
    if to is not None:
        say_line(write_table(frame, to, bom))
    elif as_json:
        say_json_text(frame.to_json(orient="records", date_format="iso"))
    else:
        say_table(to_csv(frame, bom))


@app.command()
def publish(
    tracker: Annotated[str, typer.Argument(help="The tracker's name or id.")],
    past: Annotated[
        str | None, typer.Option(help="Past calls to read: 1 month, 3 months, 6 months, 12 months or all.")
    ] = None,
    stream: Annotated[
        str | None, typer.Option(help="A stream that collects the calls it finds; created if missing.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show what would be stored, read and charged.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Publish without asking. Scripts are never asked.")] = False,
    scheduler: SchedulerOption = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Publish a tracker for upcoming calls and, with --past, for past ones.

    First shows what will be stored and read. At a terminal, you are asked whether to continue.
    """
    known = opened(workspace)
    found = known.trackers.get(tracker)
    plan = found.publish_plan(past)
    if dry_run:
        say_json(plan.to_dict()) if as_json else say(plan.message)
        return
    if not as_json:
        say(plan.message, err=True)
        if not yes and sys.stdin.isatty():
            typer.confirm("Publish it?", abort=True, err=True)
    publication = found.publish(past, stream, client=scheduler)
    publication.wait(progress=not as_json)
    known.deliver()
    progress = publication.progress()
    about = {
        "version": publication.version,
        "found": progress.found,
        "model": publication.model_hash,
        "read": progress.done,
        "message": progress.message,
        "plan": plan.to_dict(),
    }
    said = f"version {publication.version}: {plural(progress.found, 'sentence')} found"
    say_json(about) if as_json else say(f"{said}\n{progress.message}" if past else said)


@app.command()
def export(
    tracker: Annotated[str, typer.Argument(help="The tracker's name or id.")],
    file: Annotated[Path, typer.Argument(help="The .tracker file to write.")],
    version: Annotated[int | None, typer.Option(help="The version; default: the active one.")] = None,
    answers: Annotated[
        bool, typer.Option(help="Include the text of the answered sentences, which are words from calls.")
    ] = True,
    workspace: WorkspaceOption = HERE,
) -> None:
    """Write a published tracker to one file, for use in another workspace.

    The file contains words from calls. --no-answers leaves out the answered sentences, but the model still contains
    their vectors and hashed words, from which much of what was said can be guessed.
    """
    say_line(opened(workspace).trackers.get(tracker).export(file, version, answers))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A .tracker file.")],
    name: Annotated[str | None, typer.Option(help="The tracker's name; default: the one in the file.")] = None,
    workspace: MadeOption = HERE,
) -> None:
    """Import a tracker from a file as a draft that can be published at once. No code in the file is run."""
    tracker = made(workspace).trackers.import_file(file, name)
    say_line(f"{tracker.name}: imported as a draft; publish it to use it")
    brought = tracker.imported
    if brought is not None and brought.estimate is not None:
        held = brought.estimate.heldout
        told = [
            f"{what} {value:.0%}"
            for what, value in (("precision", held.precision), ("hit rate", held.hit_rate))
            if value is not None
        ]
        if told:
            say_line(f"measured on {brought.measured_on}: {', '.join(told)}")


@app.command("catch-up")
def catch_up(workspace: WorkspaceOption = HERE, as_json: JsonFlag = False) -> None:
    """Run all active trackers on calls they have not read, resume interrupted backfills and send due messages."""
    known = opened(workspace)
    resumed = known.resume_backfills()
    for publication in resumed:
        publication.wait(progress=not as_json)
    read = known.catch_up(send=False)
    sent = known.deliver()
    about = {"conversations": read, "resumed": len(resumed), "messages": asdict(sent)}
    told = f"{plural(read, 'conversation')} read, {plural(len(resumed), 'backfill')} resumed\nmessages: {sent}"
    say_json(about) if as_json else say(told)


@app.command()
def simulate(
    corpus: Annotated[Path, typer.Option(help="Labelled conversations.", exists=True)],
    label: Annotated[list[str], typer.Option(help="The concept to learn; may be repeated.")],
    side: Annotated[str, typer.Option(help="Who says it: company, customer or anyone.")] = "anyone",
    examples: Annotated[int, typer.Option(min=1, help="How many example sentences the oracle gives.")] = 5,
    rounds: Annotated[int, typer.Option(min=1)] = 4,
    audits: Annotated[int, typer.Option(min=0, help="Audit rounds to add, which narrow the estimate.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, help="How many runs, with seeds 0, 1, ...")] = 3,
    recipe: Annotated[list[str] | None, typer.Option(help="The recipe to run; may be repeated.")] = None,
    unit: Annotated[str, typer.Option(help="What to tag: turn or sentence.")] = "sentence",
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the runs to this file.")] = None,
) -> None:
    """Evaluate the engine on a labelled corpus: an oracle answers the rounds from its labels."""
    from workbench.domain.filters import Filters
    from workbench.research.simulation import scene, summary
    from workbench.research.simulation import simulate as play
    from workbench.workspace.workspace import Workspace

    if unit not in ("turn", "sentence"):
        raise typer.BadParameter(f"must be turn or sentence, not {unit!r}", param_hint="--unit")
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        workspace = Workspace(folder)
        say(workspace.ingest(corpus, unit=unit), err=True)  # type: ignore[arg-type]  # checked above
        workspace.encode(progress=True)
        filters = Filters(side=side, scope="any", kinds=("call", "email"))  # type: ignore[arg-type]  # Filters checks them
        runs: list[dict[str, Any]] = []
        counts = {"examples": examples, "rounds": rounds, "audits": audits}
        for name in label:
            for chosen in recipe or ["default"]:
                whole = scene(workspace, name, filters, chosen)
                runs += [play(whole, name, seed, chosen, **counts) for seed in range(seeds)]
    if as_json:
        with open(as_json, "w", opener=private_opener) as out:
            out.write(plain_json.dumps(runs, indent=1))
    rows = summary(runs)
    told = f"{plural(rounds + audits, 'round')}, {plural(seeds, 'seed')}"
    say(f"{'recipe':<12} {'label':<44} {'F1':>6} {'AP':>6}   (upcoming calls, {told})")
    for chosen, name, f1, precision in rows:
        say(f"{chosen:<12} {name:<44} {f1:6.3f} {precision:6.3f}")
    for chosen in recipe or ["default"]:
        mean = [row[2] for row in rows if row[0] == chosen]
        say(f"{chosen:<12} {'mean':<44} {sum(mean) / len(mean):6.3f}")


@app.command()
def log(
    tracker: Annotated[str, typer.Argument(help="The tracker's name or id.")], workspace: WorkspaceOption = HERE
) -> None:
    """Print a tracker's whole training as JSON: rounds, probabilities, answers, versions."""
    say_json(opened(workspace).trackers.get(tracker).log(), indent=1)


@app.command()
def replay(
    tracker: Annotated[str, typer.Argument(help="The tracker's name or id.")],
    recipe: Annotated[str | None, typer.Option(help="The recipe; default: the stored one.")] = None,
    workspace: WorkspaceOption = HERE,
    as_json: JsonFlag = False,
) -> None:
    """Replay a tracker's training. Exits with 1 if the stored recipe does not draw the same rounds again."""
    played = opened(workspace).trackers.get(tracker).replay(recipe)
    say_json(asdict(played), indent=1) if as_json else say(played)
    if recipe is None and not played.alike:
        raise typer.Exit(1)


@app.command()
def lab(
    notebooks: Annotated[Path, typer.Option(help="The folder to open.")] = Path("notebooks"),
    port: Annotated[int, typer.Option(help="The port; reachable from this machine only.")] = 8888,
) -> None:
    """Open JupyterLab on the notebooks."""
    folder = _notebooks(notebooks)
    _as_seen_from_anywhere()
    _become("jupyterlab", f"--ServerApp.root_dir={folder}", f"--port={port}")


@app.command()
def dashboards(
    workspace: WorkspaceOption = HERE,
    notebooks: Annotated[Path, typer.Option(help="The folder with the notebooks.")] = Path("notebooks"),
    host: Annotated[str, typer.Option(help="The address to listen on; 0.0.0.0 for other machines.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port, or the next free one if it is taken.")] = 8866,
    base_url: Annotated[str, typer.Option(help="The prefix of all paths, when behind a proxy.")] = "/",
    browser: Annotated[bool, typer.Option(help="Open them in the browser of this machine.")] = True,
    warm: Annotated[int, typer.Option(min=0, help="Standby kernels for each dashboard.")] = 1,
    idle: Annotated[int, typer.Option(min=1, help="Seconds to keep a kernel after its page is lost.")] = 120,
    max_kernels: Annotated[int, typer.Option(min=1, help="The most kernels at once, including standby ones.")] = 24,
    token: Annotated[bool, typer.Option(help="Require a token: WORKBENCH_TOKEN if set, else a new one.")] = True,
    behind_https: Annotated[
        str, typer.Option(metavar="NAME", help="The host name of the HTTPS proxy in front, such as calls.example.org.")
    ] = "",
    recordings: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The folder with the recordings that readers may hear.")
    ] = None,
) -> None:
    """Serve the dashboards to readers, who see results but cannot run code."""
    from workbench.serving.serve import serve

    folder = _notebooks(notebooks) / "dashboards"
    where: dict[str, Any] = {"host": host, "port": port, "base_url": base_url, "browser": browser}
    kernels: dict[str, Any] = {"warm": warm, "idle_s": idle, "max_kernels": max_kernels}
    heard: dict[str, Any] = {"behind_https": behind_https, "recordings": recordings}
    serve(folder, workspace, **where, **kernels, **heard, with_token=token, say=say)


def _notebooks(folder: Path) -> Path:
    """Return the folder if it exists, else the one that comes with the package."""
    packaged = Path(__file__).parent / "notebooks"
    found = next((f for f in (folder, packaged) if f.is_dir()), None)
    if found is None:
        raise typer.BadParameter(f"no folder {str(folder)!r}; check the path", param_hint="--notebooks")
    return found.resolve()


def _as_seen_from_anywhere() -> None:
    """Make the paths in the environment absolute, because kernels run in the folders of their notebooks."""
    from workbench.domain.paths import absolute
    from workbench.store.database import STATE, absolute_state

    if folder := os.environ.get(WORKSPACE):
        os.environ[WORKSPACE] = str(absolute(folder))
    if state := os.environ.get(STATE):
        os.environ[STATE] = absolute_state(state)


def _become(module: str, *arguments: str) -> None:
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", module, *arguments])


def main() -> None:
    """Run a command. Warnings, and errors that a person can act on, are printed as one line without a traceback."""
    warnings.showwarning = lambda message, *_, **__: say_line(f"workbench: {message}", err=True)
    try:
        app()
    except (WorkbenchError, FileNotFoundError) as error:
        say_line(f"workbench: {error}", err=True)
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise  # the reader of the output has gone
    except OSError as error:
        say_line(f"workbench: {cannot_write(error, Path(error.filename or '.'))}", err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
