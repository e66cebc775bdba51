"""Journeys of people through the whole product: one full emulator suite, one real Chromium, nothing replaced."""
