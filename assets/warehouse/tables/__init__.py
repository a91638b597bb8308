"""Tables: how they are declared, what the file holds of them, and writing them."""
