"""The pure heart: definitions, actions, events, resolve, apply and views. No I/O, no clock, no randomness."""
