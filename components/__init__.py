"""The map of Prompt Sprint: one folder for each thing a visitor can point at, plus what lies under them.

Imports point down, never sideways or up; `tests/test_architecture.py` holds the same map as a table.

    app.py
    └── dashboard, server, commands      the page, the application around it, the command line
        └── snapshots, organizing, deployment    the dataset going out, the sprint being run, a Space for it
            └── rating, ledger, progress, leaderboard, charts, agreement, prompt_sources
                └── account, live        who is asking; under it, how a page stays fresh
                    └── store            the only folder that speaks SQL
                        └── points       the public formula
                            └── records, settings
                                └── errors

Inside a folder `panel.py` is what appears on the page, `routes.py` what answers over HTTP and
`views.py` what is live; the other files know nothing of screens or requests.
"""
