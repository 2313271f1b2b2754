"""Draw findings: Altair charts turned into SVG and PNG, offline. Nothing is computed here but positions."""
