"""Whole files and folders of orders computed: result books, data sets, what was done before."""
