"""The nightly job: decide what becomes of the fit, recommend again where data changed, keep the rest."""
