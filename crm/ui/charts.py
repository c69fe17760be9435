"""Colours of the theme for charts: one accent, grey for context, red only for loss. Vega text marks need theirs named."""

import streamlit as st

ACCENT = {"light": "#0f766e", "dark": "#2dd4bf"}
MUTED = {"light": "#cbd5d4", "dark": "#33474a"}
BESIDE = {"light": "#94a3b8", "dark": "#8ea3a8"}
TEXT = {"light": "#1f2937", "dark": "#e5e7eb"}
LOSS = {"light": "#dc2626", "dark": "#f87171"}


def theme() -> str:
    """`light` or `dark`, as this visitor sees it."""
    return "dark" if st.context.theme.type == "dark" else "light"


def accent() -> str:
    """The one accent colour."""
    return ACCENT[theme()]


def muted() -> str:
    """Context: what is there but not meant."""
    return MUTED[theme()]


def beside() -> str:
    """A line of context, which must be seen on its own."""
    return BESIDE[theme()]


def text() -> str:
    """Text marks."""
    return TEXT[theme()]


def loss() -> str:
    """Loss, and nothing else."""
    return LOSS[theme()]
