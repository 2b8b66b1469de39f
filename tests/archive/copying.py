"""Stories in several languages, made up of words by chance, and what other newspapers make of them."""

# ruff: noqa: S311 - what is drawn here is no secret

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random

SYLLABLES = [onset + vowel + coda for onset in "bdfgklmnprstvz" for vowel in "aeiou" for coda in ("", "n", "r")]
VOCABULARY = 3_000


@dataclass(frozen=True, kw_only=True)
class Language:
    """How words of a language are formed, and what stands between them."""

    signs: Sequence[str]
    between: str
    stop: str
    longest: int = 3

    def words(self, chance: Random) -> list[str]:
        """A vocabulary, the most frequent first."""
        return ["".join(chance.choices(self.signs, k=chance.randint(1, self.longest))) for _ in range(VOCABULARY)]


LANGUAGES = {
    "English": Language(signs=SYLLABLES, between=" ", stop="."),
    "Russian": Language(
        signs=[chr(code) + vowel for code in range(0x431, 0x449) for vowel in "аеио"], between=" ", stop="."
    ),
    "Arabic": Language(signs=[chr(code) for code in range(0x628, 0x63A)], between=" ", stop="۔", longest=5),
    "Hindi": Language(
        signs=[chr(code) + vowel for code in range(0x915, 0x939) for vowel in "ािे"], between=" ", stop="।"
    ),
    "Korean": Language(signs=[chr(code) for code in range(0xAC00, 0xD7A0, 17)], between=" ", stop="."),
    "Vietnamese": Language(
        signs=[c + v for c in ("b", "ch", "đ", "ng", "th") for v in ("à", "ê", "iệ", "ô", "ươ")],
        between=" ",
        stop=".",
        longest=1,
    ),
    "Chinese": Language(signs=[chr(code) for code in range(0x4E00, 0x5200)], between="", stop="。", longest=2),
    "Japanese": Language(
        signs=[chr(code) for code in (*range(0x3042, 0x3094), *range(0x5200, 0x5300))], between="", stop="。", longest=4
    ),
    "Thai": Language(
        signs=[chr(code) + vowel for code in range(0xE01, 0xE2E) for vowel in ("", "ิ", "ี")], between="", stop=" "
    ),
}


class Newsroom:
    """Writes stories in one language, and rewrites them as others do."""

    def __init__(self, language: Language, seed: int) -> None:
        """The same seed, the same stories."""
        self.language = language
        self.chance = Random(seed)
        self.vocabulary = language.words(self.chance)
        # as often as words are in any language: the second half as often as the first, the third a third (Zipf)
        self.weights = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def some(self, count: int) -> list[str]:
        """Words as they come."""
        return self.chance.choices(self.vocabulary, cum_weights=self.weights, k=count)

    def story(self, sentences: int = 20) -> list[list[str]]:
        """Sentences of some fifteen words."""
        return [self.some(self.chance.randint(8, 22)) for _ in range(sentences)]

    def printed(self, story: Sequence[Sequence[str]]) -> str:
        """The story as a newspaper has it, in paragraphs of four sentences."""
        lines = [self.language.between.join(sentence) + self.language.stop for sentence in story]
        return "\n\n".join(" ".join(lines[at : at + 4]) for at in range(0, len(lines), 4))

    def reworded(self, story: Sequence[Sequence[str]], share: float) -> list[list[str]]:
        """The story with a share of its words replaced."""
        places = [(row, column) for row, sentence in enumerate(story) for column in range(len(sentence))]
        replaced = [list(sentence) for sentence in story]
        chosen = self.chance.sample(places, round(len(places) * share))
        for (row, column), word in zip(chosen, self.some(len(chosen)), strict=True):
            replaced[row][column] = word
        return replaced

    def shortened(self, story: Sequence[Sequence[str]]) -> list[list[str]]:
        """The story without a third of its sentences."""
        kept = sorted(self.chance.sample(range(len(story)), round(len(story) * 2 / 3)))
        return [list(story[number]) for number in kept]

    def longer(self, story: Sequence[Sequence[str]]) -> list[list[str]]:
        """The story with a third more sentences, anywhere in it."""
        extended = [list(sentence) for sentence in story]
        for sentence in self.story(round(len(story) / 3)):
            extended.insert(self.chance.randint(0, len(extended)), sentence)
        return extended


Copy = Callable[[Newsroom, Sequence[Sequence[str]]], list[list[str]]]
COPIES: dict[str, Copy] = {
    "5 % reworded": lambda newsroom, story: newsroom.reworded(story, 0.05),
    "10 % reworded": lambda newsroom, story: newsroom.reworded(story, 0.1),
    "20 % reworded": lambda newsroom, story: newsroom.reworded(story, 0.2),
    "lost a third": Newsroom.shortened,
    "gained lines": Newsroom.longer,
}
