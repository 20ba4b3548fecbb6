# Where things stand, for who builds on them (this file stays empty of code; tests/test_architecture.py):
#   store/opinions.py   what is read of the store: patterns of scores, who gave which, removed prompts left out
#   store/findings.py   what was computed, kept for all replicas: `content(connection, "agreement")` is for
#                       everybody, `"contributors"` for organizers and each contributor about themselves
#   reading.py          one moment of the store as arrays: `read(connection)` gives a `Reading` with a `Matrix`
#   document.py         the numbers of the whole sprint as JSON
#   contributors.py     the numbers of each contributor as JSON: what a contributor or organizer sees of them goes in here
#   work.py             both, in a process of its own: `python -m components.agreement.work`
#   analysis.py         begins that process at most once a minute, on one replica, and keeps what it found
