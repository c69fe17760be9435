"""One customer, in a dialog beside whatever page she was clicked on."""
