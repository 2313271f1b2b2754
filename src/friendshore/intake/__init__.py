"""Read: from an article or a communiqué to dated, quoted events."""
