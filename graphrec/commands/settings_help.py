"""Help that depends on what the arguments name: a model's or an explainer's settings, a loader's options."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.config import Config

_ARGUMENTS = "graphrec.arguments"


class NamingCommand(TyperCommand):
    """A command whose help also lists what goes with the model, explainer or loader that its arguments name."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep the arguments for the help, which is printed while they are parsed."""
        ctx.meta[_ARGUMENTS] = list(args)
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Write these lists, then the examples."""
        for title, rows in self._lists(ctx.meta.get(_ARGUMENTS, ())):
            with formatter.section(title):
                formatter.write_dl(rows)
        super().format_epilog(ctx, formatter)

    @abstractmethod
    def _lists(self, arguments: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
        """Return lists of names with their meaning, each under a title."""


class SettingsCommand(NamingCommand):
    """A command whose help also lists the settings of the model or explainer that its arguments name."""

    def _lists(self, arguments: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
        return [
            (title, [(f"{name}={default}", text) for name, default, text in settings_of(config)])
            for title, config in self._named(arguments)
        ]

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


class LoadCommand(NamingCommand):
    """``graphrec load``."""

    def _lists(self, arguments: Sequence[str]) -> list[tuple[str, list[tuple[str, str]]]]:
        from graphrec.loading.registry import find_loader, loader_options
        from graphrec.loading.shipped import SHIPPED

        names = [argument for argument in arguments if argument in SHIPPED]
        names += [argument for argument in arguments[:1] if ":" in argument and not argument.startswith("-")]
        if not names:
            return [("Loaders", [(name, entry.summary) for name, entry in SHIPPED.items()])]
        options = loader_options(find_loader(names[0]))
        rows = [(f"{o.name}={'' if o.default is None else o.default}", o.doc.replace("``", "")) for o in options]
        return [(f"Options of {names[0]} (--option NAME=VALUE)", rows)]


def settings_of(config: type[Config]) -> list[tuple[str, Any, str]]:
    """Return the name, the default and the meaning of each setting; an empty default is written as nothing."""
    return [
        (name, "" if field.default in ({}, None) else field.default, field.description or "")
        for name, field in config.model_fields.items()
    ]
