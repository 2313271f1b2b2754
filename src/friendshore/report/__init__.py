"""Finding to text, HTML, XLSX, CSV and JSON. Computes nothing."""
