"""The desk: pages and a JSON API over the same answers. Nothing is computed here but positions on a page."""
