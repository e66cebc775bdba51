"""How customers behave: features of their history, and what each will probably do next."""
