"""Formats of linguists and of speech research: CHAT, ELAN, Praat's TextGrid, STM, CTM and RTTM."""
