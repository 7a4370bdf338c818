"""Formats from linguistics and speech research: CHAT, ELAN, Praat's TextGrid, STM, CTM and RTTM."""
