# Where things stand, for who builds on them (this file stays empty of code, and tests see to it):
#   patterns, matrix                   what numbers are computed of: how scores fall, and who gave which
#   alpha, kappa, ratio, factors, claim, concentration, effects, dawid_skene, graded, reliability, review
#                                      the numbers, pure functions, each with its formula and source
#   reading                            one moment of the store as arrays, out of store/opinions
#   document, words                    the numbers of the whole sprint as JSON, and what follows from them in plain words
#   contributors                       those of each contributor: for organizers, and for each about themselves
#   work                               both, done by `process` in a process of its own
#   analysis                           begins that at most once a minute, on one replica, and keeps what it found in
#                                      store/findings: "agreement" for everybody, "contributors" not
#   scoring, models                    aggregated scores of prompts for a snapshot, in a process of their own, too
#   views, routes, panel, methods      what is live, what answers over HTTP, what appears, docs/METHODS.md as a page
