# SPDX-License-Identifier: Apache-2.0
"""Turns a result directory into a page, a summary and figures. It reads result files and nothing else."""
