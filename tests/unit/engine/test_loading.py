"""Models are loaded in one place, without their code and without pickles (F3)."""

from __future__ import annotations

import ast
import json
import pickle
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.unit.judges.test_cross_encoder import made
from tests.unit.small import ROOT

LOADING = Path("workbench/engine/loading.py")
MODELS = {"SentenceTransformer", "CrossEncoder", "SparseEncoder", "MultiVectorEncoder"}
METHODS = {
    "from_pretrained",
    "snapshot_download",
    "hf_hub_download",
    "load_state_dict",
    "get_class_from_dynamic_module",
}
UNPICKLING = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "skops"}
FILES = sorted(file.relative_to(ROOT) for part in ("workbench", "scripts") for file in (ROOT / part).rglob("*.py"))


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """Each call of a file, with the last part of what is called."""
    for node in ast.walk(ast.parse((ROOT / file).read_text())):
        if isinstance(node, ast.Call):
            called = node.func
            name = (
                called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
            )
            yield name, node


def test_no_other_file_loads_a_model():
    for file in FILES:
        if file != LOADING:
            found = {name for name, _ in calls(file)} & (MODELS | METHODS)
            assert not found, f"{file}: calls {', '.join(found)}; use workbench.engine.loading"


def test_every_call_that_loads_one_says_that_its_code_is_not_run():
    found = [node for name, node in calls(LOADING) if name in MODELS]
    assert len(found) == 2
    for node in found:
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        assert isinstance(given["trust_remote_code"], ast.Constant)
        assert given["trust_remote_code"].value is False
        assert "local_files_only" in given
        assert ast.literal_eval(given["model_kwargs"]) == {"use_safetensors": True}


def test_nothing_is_unpickled():
    for file in FILES:
        for node in ast.walk(ast.parse((ROOT / file).read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & UNPICKLING, file
        for name, node in calls(file):
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            pickled = given.get("allow_pickle")
            assert pickled is None or (isinstance(pickled, ast.Constant) and pickled.value is False), file
            whole = ast.unparse(node.func)
            assert whole not in ("torch.load", "torch.hub.load", "pandas.read_pickle", "pd.read_pickle"), file
            assert name != "load" or not whole.startswith(("np.", "numpy.")) or pickled is not None, file


@pytest.fixture
def marker(tmp_path):
    """A file that the code of the models below makes, where it is run."""
    return tmp_path / "it ran"


def with_own_modules(folder: Path, marker: Path) -> str:
    """A folder for sentence-transformers whose module is a class in a file of its own."""
    made(folder, ["LABEL_0"])
    (folder / "modules.json").write_text(json.dumps([{"idx": 0, "name": "0", "path": "", "type": "own_module.Own"}]))
    (folder / "own_module.py").write_text(code(marker, "class Own:\n    @classmethod\n    def load(cls, *a, **k): ..."))
    return str(folder)


def with_own_architecture(folder: Path, marker: Path) -> str:
    """A folder for transformers whose configuration names classes in a file of its own."""
    made(folder, ["LABEL_0"])
    config = json.loads((folder / "config.json").read_text())
    own = {"AutoConfig": "own_module.Own", "AutoModel": "own_module.Own"}
    own["AutoModelForSequenceClassification"] = "own_module.Own"
    config |= {"model_type": "own", "architectures": ["Own"], "auto_map": own}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "own_module.py").write_text(code(marker, "class Own: ..."))
    return str(folder)


def code(marker: Path, rest: str) -> str:
    return f"from pathlib import Path\nPath({str(marker)!r}).touch()\n{rest}\n"


class _Runs:
    def __init__(self, marker: Path):
        self.marker = marker

    def __reduce__(self):
        return Path.touch, (self.marker,)


def with_pickled_weights(folder: Path, marker: Path) -> str:
    made(folder, ["LABEL_0"])
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Runs(marker)))
    return str(folder)


@pytest.mark.parametrize("hostile", [with_own_modules, with_own_architecture, with_pickled_weights])
@pytest.mark.parametrize("download", [False, True])
def test_a_models_own_code_is_not_run(tmp_path, marker, hostile, download):
    from workbench.engine.loading import load_cross_encoder, load_encoder

    folder = hostile(tmp_path / "model", marker)
    with pytest.raises((OSError, ValueError)):
        load_encoder(folder, download=download)
    assert not marker.exists()
    with suppress(OSError, ValueError):  # one with modules of its own is loaded without them
        load_cross_encoder(folder, download=download)
    assert not marker.exists()
