"""The servers that openroom is measured against. Each broadcasts what one client says to all, and keeps nothing."""
