"""``graphrec train MODEL --help`` and ``recommend --explainer NAME --help`` list the settings that can be set."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.config import Config

_ARGUMENTS = "graphrec.arguments"


class SettingsCommand(TyperCommand):
    """A command whose help also lists the settings of the model or explainer that its arguments name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the arguments for the help, which is printed while they are parsed."""
        ctx.meta[_ARGUMENTS] = list(args)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write the settings, then the examples."""
        for title, config in self._named(ctx.meta.get(_ARGUMENTS, ())):
            with formatter.section(title):
                formatter.write_dl([(f"{name}={default}", text) for name, default, text in settings_of(config)])
        super().format_epilog(ctx, formatter)

    @abstractmethod
    def _named(self, arguments: Sequence[str]) -> list[tuple[str, type[Config]]]:
        """Return a title and the settings' type for what the arguments name; empty where they name nothing."""


class TrainCommand(SettingsCommand):
    """``graphrec train``."""

    def _named(self, arguments: Sequence[str]) -> list[tuple[str, type[Config]]]:
        from graphrec.models.registry import MODELS, find_model, registered_model

        first = next(iter(arguments), "")
        if first and not first.startswith("-") and ":" not in first:
            registered_model(first)  # an unknown name is answered with the nearest
        names = [argument for argument in arguments if argument in MODELS]
        names += [argument for argument in arguments[:1] if ":" in argument and not argument.startswith("-")]
        return [(f"Settings of {name} (--set NAME=VALUE)", find_model(name).Config) for name in names[:1]]


class RecommendCommand(SettingsCommand):
    """``graphrec recommend``."""

    def _named(self, arguments: Sequence[str]) -> list[tuple[str, type[Config]]]:
        from graphrec.explainers.registry import EXPLAINERS, find_explainer

        pairs = zip(arguments, [*arguments[1:], ""], strict=True)
        names = [value for option, value in pairs if option == "--explainer"]
        names += [argument.partition("=")[2] for argument in arguments if argument.startswith("--explainer=")]
        return [
            (f"Settings of {name} (--explain-set NAME=VALUE)", find_explainer(name).Config)
            for name in names[:1]
            if name in EXPLAINERS
        ]


def settings_of(config: type[Config]) -> list[tuple[str, Any, str]]:
    """Return the name, the default and the meaning of each setting; an empty default is written as nothing."""
    return [
        (name, "" if field.default in ({}, None) else field.default, field.description or "")
        for name, field in config.model_fields.items()
    ]
