"""How dependent: concentration, published rules, look-through, leverage."""
