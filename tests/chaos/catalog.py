"""Every fault the sprint has to survive; the command line and the tests run what stands here."""

from tests.chaos import clock, connections, disk, gap, hub, killing, power, stopping
from tests.chaos.scenario import Scenario

SCENARIOS = (
    Scenario("kill-sqlite", "kill -9 at random, on SQLite", killing.on_sqlite, 2, 20),
    Scenario("kill-postgresql", "kill -9 at random, on PostgreSQL", killing.on_postgresql, 1, 20),
    Scenario("power-cut", "the files of one instant, opened elsewhere", power.cut, 3, 30),
    Scenario("disk", "full, then taking no writes, then read-only at the start", disk.full, 1, 10),
    Scenario("connections", "PostgreSQL started anew, connections cut in commits", connections.cut, 1, 10),
    Scenario("replica", "one of three replicas killed", killing.of_three, 1, 6),
    Scenario("hub", "the Hub answers badly, half, late or not at all", hub.unwell, 1, 14),
    Scenario("browser", "the disk wiped, the gap filled by an open page", gap.filled, 1, 5),
    Scenario("clock", "the clock jumps by hours, days and years", clock.jumping, 6, 24),
    Scenario("stop", "SIGTERM twice at once, then once with a backup", stopping.told, 1, 5),
)
