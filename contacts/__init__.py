"""Domains of contacts: which there are, what their DNS says of mail from and to them, and who cannot be reached."""
