"""What the cells of a column say."""
