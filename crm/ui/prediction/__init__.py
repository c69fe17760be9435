"""What the prediction says of the shop, in one small box."""
