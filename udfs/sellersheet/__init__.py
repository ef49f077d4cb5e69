"""Sellersheet: what AliExpress' semi-managed mode costs, who may join, what deposit to expect."""

__version__ = "0.1.0"
