"""What several looks write, gathered and written at once."""

from collections import defaultdict


class Rows(defaultdict):
    """What looks at domains create, by model, and the companies whose findings to follow: written once for all of them."""

    def __init__(self):
        super().__init__(list)
        self.company_ids = set()

    def write_to(self, env):
        """Create what was gathered."""
        for model, values in self.items():
            env[model].create(values)
