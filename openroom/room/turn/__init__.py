"""One character's go: perceive, recall, compose, generate, check, submit, remember."""
