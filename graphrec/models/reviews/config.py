"""Settings that all models of review features share."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from graphrec.models.config import GradientConfig


class ReviewConfig(GradientConfig):
    """Settings of models that learn from review features; letters are those of the paper of NAR, CAR and CNR.

    Attributes:
        embedding_size: length of the vectors of users, items and features.
        profile: how mentions become numbers: ``paper`` is (1), ``tfidf`` is log(1 + t) · idf at unit length.
        unmentioned: what a feature counts that nobody mentioned, for ``paper``: ``zero``, or what ``formula`` (1) gives
            for t = 0, which is 1 for a user and 3 for an item. Only with zeros do the paper's figures come out.
        largest: T of (1), the largest rating.
    """

    embedding_size: int = Field(64, ge=1, description="length of the vectors")
    profile: Literal["paper", "tfidf"] = Field("paper", description="paper, or tfidf")
    unmentioned: Literal["zero", "formula"] = Field("zero", description="what is not mentioned counts: zero or formula")
    largest: float = Field(5.0, gt=1, description="T, the largest rating")
