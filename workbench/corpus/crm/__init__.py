"""Exports of CRM systems: tables of calls and deals, and which conversations their rows are about."""
