"""python -m training.keywords PAPERS.jsonl.gz: counts the phrases of titles that serve as keywords."""

import argparse
import gzip
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from broadsheet.enrich.readings.keywords import LONGEST, PHRASES, singular
from broadsheet.enrich.readings.words import FUNCTION_WORDS, word_set, words_of

FEWEST_MANY, FEWEST_ONE = 25, 60  # titles that a phrase of several words, of one, must stand in
MOSTLY_LONGER = 0.7  # share of its titles in which a phrase is but a part of a longer one

# Words that say how a paper speaks and not what of.
EMPTY = word_set(
    "based adaptive advanced advancing aligned analysis analyzing application applied applying approach"
    " aspect assessing automated automatic aware balancing based better beyond boosting bridging"
    " building case challenge challenging combining comparative comparing complex comprehensive"
    " computing data deep design designing detecting developing direct driven dual dynamic effective"
    " effect efficiency efficient end enhanced enhancing estimating evaluating evidence experiment"
    " explicit exploring exploiting extended fast field first framework free from full further future"
    " general generalized generating good guided high human hybrid identifying impact implicit improved"
    " improving information insight integrated integrating introducing investigating issue joint key"
    " large leveraging level light lightweight linear local long low making method minimal mixed model"
    " modeling modelling modern multi multiple network neural new non novel one online open optimal"
    " optimized optimizing paper performance perspective practical predicting principled problem process"
    " progressive property quality question rapid real reliable research result rethinking review"
    " revisiting robust role scalable scale scaling self semi set shared short simple single small smart"
    " solving solution source space strategy strong structured structure study super survey system"
    " systematic task technique technology time top toward towards training two type understanding"
    " unified universal unlocking use user using value variable via view weak while world zero learning"
    " large-scale multimodal visual guidance report 2d 3d 4d ai"
)


# No keyword begins with one of these, however many titles do.
FILLER = word_set("comprehensive different evaluate evaluating like more new novel various holistic simple")
VAGUE = word_set(
    "baseline best call capability component compute concept condition constraint context day"
    " difference different evaluate example factor feature function good group idea inference input"
    " instance item length limitation line limit look mean need number object open output part people"
    " perform phase plan point practice procedure process progress range rate run sample science"
    " sequence set setting stage state step term test text token tool way word work year"
)


def phrases(titles: Iterator[str]) -> dict[str, int]:
    counts = Counter[str]()
    for title in titles:
        counts.update(_phrases_of(title))
    kept = {
        p: n for p, n in counts.items() if n >= (FEWEST_MANY if " " in p else FEWEST_ONE) and not _is_empty(p)
    }
    longest = _longest(kept)
    return {phrase: count for phrase, count in kept.items() if longest[phrase] < MOSTLY_LONGER * count}


def _phrases_of(title: str) -> set[str]:
    text = words_of(title)
    found = set()
    for start in range(len(text.words)):
        for end in range(start + 1, min(start + LONGEST, len(text.words)) + 1):
            word = text.lower[end - 1]
            if (
                word in FUNCTION_WORDS
                or len(word) < 2
                or word.isdigit()
                or (end > start + 1 and text.gaps[end - 1] != " ")
            ):
                break
            parts = " ".join(text.lower[start:end]).replace("-", " ").split()
            if len(parts) <= LONGEST:
                found.add(" ".join(map(singular, parts)))
    return found


def _is_empty(phrase: str) -> bool:
    words = phrase.split(" ")
    if len(words) == 1:
        return phrase in EMPTY or phrase in VAGUE
    return words[0] in FILLER or (words[0].endswith("ing") and words[0] in EMPTY) or EMPTY.issuperset(words)


def _longest(counts: dict[str, int]) -> Counter[str]:
    """For each phrase, in how many titles the commonest longer one stands that holds it."""
    longest = Counter[str]()
    for phrase, count in counts.items():
        words = phrase.split(" ")
        for size in range(1, len(words)):
            for start in range(len(words) - size + 1):
                part = " ".join(words[start : start + size])
                longest[part] = max(longest[part], count)
    return longest


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("papers", type=Path)
    parser.add_argument("--out", type=Path, default=PHRASES)
    arguments = parser.parse_args()
    with gzip.open(arguments.papers, "rt", encoding="utf-8") as lines:
        rows = (json.loads(line) for line in lines)
        counts = phrases(
            row["title"] for row in rows if "cs." in row["categories"] or "stat.ML" in row["categories"]
        )
    with gzip.GzipFile(arguments.out, "wb", mtime=0) as file:
        file.write("".join(f"{phrase}\t{count}\n" for phrase, count in sorted(counts.items())).encode())
    print(f"{len(counts)} phrases in {arguments.out}")


if __name__ == "__main__":
    main()
