"""Parquet data sets larger than memory, on one machine or on several, through Dask."""

from sellersheet_workbook.scale.cluster import Place
from sellersheet_workbook.scale.run import STEPS, Scaled, Step, run_scale

__all__ = ["STEPS", "Place", "Scaled", "Step", "run_scale"]
