"""Papers with odd titles and names, made from a seed: accents, formulas, signs that mean something to TeX."""

import random
from datetime import UTC, date, datetime

from broadsheet.store.works import Work

_WORDS = (
    *(
        "Schrödinger",
        "Erdős–Rényi",
        "naïve",
        "Łojasiewicz",
        "深度学习",
        "β-decay",
        "R&D",
        "100%",
        "C#",
        "x_i",
    ),
    *(
        "{ab initio}",
        "{lone",
        "lone}",
        "C:\\x",
        "\\alpha",
        "~5",
        "2^n",
        "recall@10",
        "@home{x}",
        '"quoted"',
        "<b>",
    ),
    *(
        "A*",
        "[1]",
        "it's",
        "``q''",
        "--flag",
        "$\\alpha_i$",
        "$\\{x\\}$",
        "$\\left\\{ x \\right.$",
        "$$E=mc^2$$",
    ),
    *("$5", "\\$5", "$x@{y}$", "$\\textbf{a}^{2}$", "Über", "ﬁne", "İstanbul", "ế", "Ångström", "e\u0301"),
    *("graphs", "learning", "of", "the", "deep", "models", "with", "GPT-4", "H2O", "= {", "},", "a,b", "(c)"),
)
_GIVEN = (
    "Émile",
    "J.-P.",
    "Zoë",
    "José Luis",
    "A. B.",
    "Søren",
    "Đặng",
    "Jean-Luc",
    "X",
    "O'",
    "Ş.",
    "Mária",
)
_FAMILY = (
    *(
        "van der Berg",
        "Müller",
        "Gödel",
        "de la Cruz",
        "Łukasiewicz",
        "O'Neill",
        "Smith Jr.",
        "Roe III",
        "Ng",
    ),
    *("Þórðarson", "Çelik", "Nguyễn", "d'Alembert", "El-Sayed", "Jørgensen", "von Neumann", "Straße", "Ğ"),
)
_WHOLE = (
    *(
        "The ATLAS Collaboration",
        "张伟",
        "OpenAI",
        "Barnes and Noble",
        "deepseek-ai",
        "A, B & C",
        "The Others Group",
    ),
    *(
        "100% Team {x",
        "DeepMind (Lab)",
        "and",
        "e.e. cummings",
        "Prof. Dr. Ada",
        "X.",
        "Иван Петров",
        "محمد علي",
    ),
)


def works(count: int, seed: int) -> list[Work]:
    chance = random.Random(seed)
    return [_work(number, chance) for number in range(1, count + 1)]


def _work(number: int, chance: random.Random) -> Work:
    names = [_name(chance) for _ in range(chance.randint(0, 6))]
    return Work(
        paper_id=number,
        key=chance.choice(
            [f"arxiv:2605.{number:05}", f"arxiv:hep-th/05{number:05}", f"doi:10.1000/{{x}}_<{number}>"]
        ),
        title=_text(chance, 8),
        abstract=_text(chance, 60),
        summary="",
        one_line="",
        authors=tuple(dict.fromkeys(names)),
        names=(),
        keywords=("deep, learning", "x_y & z"),
        categories=("cs.LG", "stat.ML"),
        submitted_at=chance.choice([None, datetime(2025, 12, 31, 23, tzinfo=UTC)]),
        announced_on=None,
        updated_on=None,
        dated_on=date(2026, 5, 20),
        version=2,
        comments="",
        journal_ref=chance.choice(["", "Phys. Rev. D 76 (2007) & 013009", "In Proc. of ICML 2020, {PMLR}"]),
        doi="",
        licence="",
        is_withdrawn=False,
        first_seen_at=datetime(2026, 5, 24, tzinfo=UTC),
    )


def _text(chance: random.Random, most: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, most)))


def _name(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return chance.choice(_WHOLE)
    return f"{chance.choice(_GIVEN)} {chance.choice(_FAMILY)}"
