"""The page that lays segments over each other and beside each other."""
