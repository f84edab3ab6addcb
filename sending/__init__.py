"""Who sends as what: how mail of this Odoo leaves, asked of core, and what that tells of the configuration.

Plain functions and values; they take an environment or records first. The models call them, none of them is a model.

- who sends: `authors`, `automatic_authors`, `external_senders`; at whose domains anybody has an address: `freemail`
- as what it leaves: `asking_core`, which asks Odoo; `named_domains`, `services`, `legacy_parameters`, `idle_settings`
- the sending paths: `collecting` (all of them), `parts` (of a large company), `unforeseen`, `identity`, `engine_path`
- what really left: `departure` (seen in the session), `measuring` (who sent it), `matching` (on which path),
  `counting` → `sent_rows` (how often), `rejections`
- what it tells: `situation_reading` → `situation` → `rules` → `findings`
- remedies: `trying_out` → `fate` → `proof`
- the default sender address: `examples`, `sender_plan`
"""
