"""The self-optimisation loop: typed edits of a harness are proposed, tried, and kept when they are shown to help.

====================  ==============================================================================================
arena                 the port that plays cases (`openroom.optimizer.simulation` is one, real rooms another)
operators             the port that proposes edits: templates, search, model_proposer, gepa_source, siblings
loop                  rounds: outlook (where it is weak), asking, static_checks, trial, gate, upkeep, attempt, line
gate, release, exam   what is kept (a betting e-process), and the sealed question before a release
journal, chain        effects announced before and recorded after; the audit log with blobs, heads, bundle, record
states, desk          approvals, canaries, releases, rollbacks: read from the log and written to it
objective, criticism  what better means, signed by an operator; what the rounds note for each other
watch                 whether a live version got worse
====================  ==============================================================================================
"""
