"""One package for each product: ``__init__`` says what it is, `models` is its state, the rest are its actions."""
