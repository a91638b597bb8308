"""Questions to the person at the terminal, and their answers.

Belongs here: asking, typed answers, and answers given before. Not here: which questions arise
(`assets/extracts/adding/`).
"""

from collections.abc import Callable, Mapping

from assets.extracts.adding.asking.question import CERTAIN, Choice, Question
from assets.warehouse.texts.counted import counted
from orchestration.commands.pages.text_table import print_text


class NotFiled(Exception):
    """The conversation ended without a document filed; the message says what to do."""


class Asker:
    """Asks one question after the other, or takes the suggestions of which `--yes` may be sure."""

    def __init__(self, yes: bool, answers: Mapping[str, str]) -> None:
        """yes: take suggestions that are certain; answers: word by key of the question."""
        self._yes = yes
        self._answers = dict(answers)
        self._used: set[str] = set()
        self._asked = 0
        self._answered = 0

    @property
    def tally(self) -> str:
        """How many questions there were, and how many of them a person answered."""
        if not self._asked:
            return "No question: the document says it all."
        return f"{counted(self._asked, 'question')}, {self._answered} answered by you."

    def ask(
        self, question: Question, other: Callable[[str], Choice | None] | None = None
    ) -> Choice:
        """Return the choice made. other: reads an answer that is none of the choices.

        Raises NotFiled where the answer is to stop, or nobody is there to give one.
        """
        self._asked += 1
        _print_question(self._asked, question)
        if question.key in self._answers:
            choice = self._given(question, other)
        elif self._yes and not question.certain:
            raise NotFiled(self._how_to_answer(question))
        elif self._yes:
            choice = question.choices[0]
            print(f"   taken by --yes: {choice.word}")
        else:
            choice = self._typed(question, other)
        if choice.stops:
            raise NotFiled(f"Stopped at question {self._asked} ({question.key}).")
        return choice

    def given(self, key: str) -> bool:
        """Whether an answer to a question lies ready, and was not taken yet."""
        return key in self._answers and key not in self._used

    def require_all_used(self) -> None:
        """Raise NotFiled where an answer was given to a question that did not come up."""
        unused = sorted(self._answers.keys() - self._used)
        if unused:
            raise NotFiled(f"--answer names a question that was not asked: {', '.join(unused)}.")

    def _given(self, question: Question, other: Callable[[str], Choice | None] | None) -> Choice:
        word = self._answers[question.key]
        choice = question.choice(word) or (other(word) if other else None)
        if choice is None:
            raise NotFiled(f"--answer {question.key}={word}: expected {_words(question)}.")
        self._used.add(question.key)
        self._answered += 1
        print(f"   answered: {choice.word}")
        return choice

    def _typed(self, question: Question, other: Callable[[str], Choice | None] | None) -> Choice:
        while True:
            try:
                word = input(f"   {_words(question)}? [{question.choices[0].word}] ").strip()
            except EOFError:
                raise NotFiled(self._how_to_answer(question)) from None
            except KeyboardInterrupt:
                raise NotFiled(f"Stopped at question {self._asked} ({question.key}).") from None
            choice = question.choice(word) or (other(word) if other else None)
            if choice is not None:
                self._answered += 1
                return choice
            print(f"   '{word}' is no answer.")

    def _how_to_answer(self, question: Question) -> str:
        reason = f"--yes takes suggestions from {CERTAIN:.0%} on" if self._yes else "no answer came"
        options = "\n".join(f"    {choice.word}{_why(choice)}" for choice in question.choices)
        options += f"\n    or {question.free}" if question.free else ""
        return (
            f"Question {self._asked} ({question.key}) needs your answer: {reason}.\n"
            f"  Run the command {'without --yes' if self._yes else 'in a terminal'}, or add "
            f"--answer '{question.key}=WORD' with one of\n{options}"
        )


def _words(question: Question) -> str:
    free = [question.free] if question.free else []
    return " / ".join([*free, *(choice.word for choice in question.choices)])


def _why(choice: Choice) -> str:
    return f" ({choice.text})" if choice.text else ""


def _print_question(number: int, question: Question) -> None:
    print_text(f"\n{number}. [{question.key}] {question.found}.")
    for line in question.evidence:
        print_text(f"   - {line}")
    first, *others = question.choices
    sure = "" if first.stops else f", {question.certainty:.0%} sure"
    print_text(f"   suggested{sure}: {first.word}{_why(first)}")
    for choice in others:
        print_text(f"   or: {choice.word}{_why(choice)}")
    if question.free:
        print_text(f"   or: {question.free}")


def an_edition(word: str) -> Choice | None:
    """The year of an edition as somebody types it."""
    return Choice(word, "the edition") if word.isdecimal() and len(word) == 4 else None
