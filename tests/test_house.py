import ast
from collections import defaultdict
from pathlib import Path

from odoo.tests import BaseCase, tagged

ROOT = Path(__file__).parent.parent
# What each room may look into, besides itself. None of them knows the models' classes: they are given records.
LOOKS_INTO = {
    'texts': {'mailauth'},
    'sending': {'mailauth', 'texts'},
    'checking': {'mailauth', 'texts', 'sending'},
    'contacts': {'mailauth', 'texts', 'sending', 'checking'},
    'proving': {'mailauth', 'texts', 'sending', 'checking'},
    'receiving': {'mailauth', 'texts', 'sending', 'checking'},
    'display': {'mailauth', 'texts', 'sending', 'checking', 'contacts', 'proving', 'receiving'},
}


def opened_models(source):
    """Yield the name of each model that a file opens: by ``_name``, else by ``_inherit`` (of which the first names it)."""
    for definition in ast.parse(source).body:
        if not isinstance(definition, ast.ClassDef):
            continue
        values = {
            target.id: ast.literal_eval(statement.value)
            for statement in definition.body if isinstance(statement, ast.Assign)
            for target in statement.targets if isinstance(target, ast.Name) and target.id in ('_name', '_inherit')}
        name = values.get('_name') or values.get('_inherit')
        if name:
            yield name if isinstance(name, str) else name[0]


def imported_rooms(file):
    """Yield the folder of this module that each relative import of a file leads to."""
    depth = len(file.relative_to(ROOT).parts)
    for node in ast.walk(ast.parse(file.read_text(encoding='utf-8'))):
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            yield from [node.module.partition('.')[0]] if node.module else [name.name for name in node.names]


@tagged('post_install', '-at_install')
class TestHouse(BaseCase):
    """Whoever looks for what a model does finds it in one file, and the order of imports decides nothing."""

    def test_each_model_is_opened_in_one_file(self):
        files = defaultdict(list)
        for folder in ('models', 'wizard'):
            for file in sorted((ROOT / folder).glob('*.py')):
                for model in opened_models(file.read_text(encoding='utf-8')):
                    files[model].append(f'{folder}/{file.name}')
        self.assertGreater(len(files), 20)
        twice = {model: where for model, where in files.items() if len(where) > 1}
        self.assertFalse(twice)

    def test_rooms_have_no_models(self):
        for folder in LOOKS_INTO:
            for file in sorted((ROOT / folder).rglob('*.py')):
                self.assertFalse(list(opened_models(file.read_text(encoding='utf-8'))), f'{folder}/{file.name}')

    def test_rooms_look_downwards(self):
        for folder, allowed in LOOKS_INTO.items():
            for file in sorted((ROOT / folder).rglob('*.py')):
                self.assertLessEqual(set(imported_rooms(file)), allowed | {folder}, file.relative_to(ROOT))
        self.assertIn('sending', set(imported_rooms(ROOT / 'models' / 'mail_domain_health_path.py')))
