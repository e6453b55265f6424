"""How many follow sessions live."""

from service.metrics import Counter, Gauge

SUBSCRIBERS = Gauge("holdfast_live_subscribers", "Streams of events that are open.", multiprocess_mode="livesum")
CHANNELS = Gauge("holdfast_live_sessions", "Sessions that each worker follows.", multiprocess_mode="livesum")
DROPPED = Counter("holdfast_live_dropped", "Streams that were ended since their readers were too slow.")
