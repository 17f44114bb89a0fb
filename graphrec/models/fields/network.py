"""The parameters of a model of fields: a vector for each id and attribute, and those of its arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from graphrec.models.fields.arithmetic import FieldCounts, rows_of
from graphrec.models.fields.case_loss import best_constant, case_losses, case_penalties
from graphrec.models.fields.field_vectors import field_vectors
from graphrec.models.fields.kinds import by_field, fields_of_attributes, n_kinds, rows_by_field
from graphrec.models.negative_sampling import share_not_taken

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.fields.arithmetic import FieldArithmetic
    from graphrec.models.fields.cases import Cases
    from graphrec.models.fields.config import FieldConfig
    from graphrec.models.fields.field_vectors import FieldVectors

SPREAD = 0.05
"""Standard deviation of the vectors at the start."""


class FieldNetwork(nn.Module):
    """Vectors and linear weights of every user id, item id and attribute, and the arithmetic on them.

    The id of a user or an item without positives, and an attribute that only such ones carry, are no features: their
    vectors are zero and stay so.

    Args:
        positives: users × items.
        carried: users × attributes and items × attributes; without entries where they are not used.
        kinds: text [attributes].
        config: of the model.
        arithmetic: that of the model.

    Attributes:
        arithmetic: of the model.
        tables: ``user``, ``item`` and ``attribute``, each [nodes, d + 1]: v, and w in the last column.
        fields: ``user`` and ``item``, each int64 [attributes], the field of each attribute or −1.
    """

    def __init__(
        self,
        positives: Incidence,
        carried: tuple[Incidence, Incidence],
        kinds: npt.NDArray[np.str_],
        config: FieldConfig,
        arithmetic: type[FieldArithmetic],
    ) -> None:
        super().__init__()
        self._config = config
        takers = np.bincount(positives.indices, minlength=positives.n_columns)
        learned = {"user": positives.counts > 0, "item": takers > 0}
        links = dict(zip(("user", "item"), carried, strict=True))
        self.fields = {side: fields_of_attributes(links[side], learned[side], kinds) for side in links}
        self._carried = {side: by_field(links[side], self.fields[side]) for side in links}
        learned["attribute"] = (self.fields["user"] >= 0) | (self.fields["item"] >= 0)
        generator = torch.Generator().manual_seed(config.seed)
        self.tables = nn.ParameterDict()
        for name, is_feature in learned.items():
            start = torch.randn(len(is_feature), config.embedding_size, generator=generator) * SPREAD
            start = functional.pad(start * torch.from_numpy(is_feature)[:, None], (0, 1))
            self.tables[name] = nn.Parameter(start)
            if name != "attribute":
                self.register_buffer(f"_learned_{name}", torch.from_numpy(is_feature), persistent=False)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(config.seed)
            self.arithmetic = arithmetic(FieldCounts(*(1 + n_kinds(self.fields[side]) for side in links)), config)
        drawn = config.negatives * share_not_taken(positives, int((takers > 0).sum()))
        nn.init.constant_(self.arithmetic.bias, best_constant(config.loss, drawn))

    def fields_of(self, side: str, nodes: npt.NDArray[np.int64]) -> FieldVectors:
        """Return the fields of some nodes; while training, ids are unknown at random."""
        table = self.tables[side]
        rows = torch.from_numpy(nodes).to(table.device)
        known = self.get_buffer(f"_learned_{side}")[rows]
        if self.training and self._config.id_dropout:
            known = known & (torch.rand(len(rows), device=rows.device) >= self._config.id_dropout)
        width = n_kinds(self.fields[side])
        carried = self._carried[side].rows(rows_by_field(nodes, width))
        own = table[rows] * known[:, None]
        return field_vectors(own, self.tables["attribute"], carried, self._config.pooling, width)

    def loss(self, batch: Cases) -> torch.Tensor:
        """Return the mean loss of a positive with its negatives, penalties included."""
        device = self.tables["user"].device
        user, item, negatives, counts = (
            torch.from_numpy(part).to(device) for part in (batch.user, batch.item, batch.negatives, batch.counts)
        )
        users, items = self.fields_of("user", batch.users), self.fields_of("item", batch.items)
        scores = self.arithmetic.together(
            rows_of(self.arithmetic.alone("user", users), user),
            rows_of(self.arithmetic.alone("item", items), torch.cat([item[:, None], negatives], dim=1)),
        )
        losses = case_losses(self._config.loss, scores[:, 0], scores[:, 1:], counts)
        if self._config.reg:
            squares = case_penalties(users.penalty[user], items.penalty[item], items.penalty[negatives], counts)
            losses = losses + self._config.reg * squares
        return losses.mean() + self.arithmetic.own_penalty()
