"""Every sentence that people read, as tables of translatable texts, and the functions that fill them in."""
