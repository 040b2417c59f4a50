"""Pix charges kept by a PSP."""
