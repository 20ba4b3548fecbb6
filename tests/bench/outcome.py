"""What a load is to do, what it costs the machine, and what came of it."""

import time
from dataclasses import dataclass, field

import psutil


@dataclass(frozen=True)
class Load:
    """What to do.

    Attributes:
        pid: Of the server, to read what it costs.
        seconds: How long is measured, after the warm-up; with `most_ratings` at most so long.
        think_s: Mean pause of a rater before a rating, exponential; 0 for none.
        signs_in: False for the yardstick, which is sent the same bytes without a session.
        most_ratings: Stop after so many, if given, without a warm-up.
        tell_every: Say how far it is each time so many ratings were confirmed; 0 for never.
    """

    port: int
    pid: int
    raters: int
    seconds: float
    think_s: float = 0
    signs_in: bool = True
    warm_up_s: float = 1.0
    most_ratings: int | None = None
    tell_every: int = 0


@dataclass
class Outcome:
    """What was measured; the shares are of one core."""

    ratings: int
    seconds: float
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    server_cpu_s: float
    client_cpu_s: float
    others_cpu_s: float
    rss_mb: float
    ran_out: int
    troubles: dict[str, int] = field(default_factory=dict)

    @property
    def per_s(self) -> float:
        return self.ratings / self.seconds

    @property
    def server_share(self) -> float:
        return self.server_cpu_s / self.seconds

    @property
    def client_share(self) -> float:
        return self.client_cpu_s / self.seconds

    @property
    def others_share(self) -> float:
        # The machine's clock ticks otherwise than that of its processes.
        return max(0.0, self.others_cpu_s / self.seconds)

    @property
    def cpu_ms_per_rating(self) -> float | None:
        return self.server_cpu_s * 1000 / self.ratings if self.ratings else None


class Cost:
    """What the processes have used up to now."""

    def __init__(self, pid: int) -> None:
        self.server = psutil.Process(pid)
        self.client = psutil.Process()

    @property
    def rss_mb(self) -> float:
        return self.server.memory_info().rss / 1e6

    def now(self) -> tuple[float, float, float, float]:
        """Wall clock, server, client and all else on the machine, in seconds."""
        server, client = (sum(one.cpu_times()[:2]) for one in (self.server, self.client))
        machine = psutil.cpu_times()
        busy = sum(machine) - machine.idle - getattr(machine, "iowait", 0) - getattr(machine, "guest", 0)
        return time.perf_counter(), server, client, busy - server - client
