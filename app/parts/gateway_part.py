"""The gateway apart: HTTP in, items onto the log or into the inbox. 网关进程。"""

from app.front import Front
from app.parts.log_client import Ends, LogProducer
from app.parts.log_watch import LogWatch
from app.parts.part import part, running
from app.serving import Door
from app.settings import Settings
from app.vitals import Vitals
from gateway.app import create_app
from gateway.house import Board
from ledger.away import BookAwayError
from ledger.listening import listen
from streams.produce import Producing
from streams.topics import LANE_TOPICS
from vocabulary.arrival import Answer, Arrival


async def run_gateway(settings: Settings) -> None:
    """Serve until told to stop; what is in hand is finished."""
    async with part(settings, "gateway") as here:
        log = LogProducer(settings, here.own_topics)
        way_in = Producing(here.desk, here.book, here.writer, log, here.keys, here.metrics.took)
        watch = LogWatch(Ends(settings, tuple(LANE_TOPICS.values())))
        watch.tell(here.metrics)
        board = Board()
        vitals = Vitals(
            here.clock,
            here.writer,
            here.metrics,
            here.gauges,
            takes_in_without_book=lambda: watch.is_up() and not way_in.has_log_failed(),
        )

        here.metrics.watch(here.name, here.desk, vitals.health)

        async def submit(arrival: Arrival) -> Answer:
            try:
                answer = await way_in.submit(arrival)
            except BookAwayError:
                vitals.refusals.note(arrival.received_at)
                raise
            here.metrics.count([answer])
            return answer

        async def submit_batch(arrivals: list[Arrival]) -> list[Answer]:
            try:
                answers = await way_in.submit_batch(arrivals)
            except BookAwayError:
                vitals.refusals.note(min(a.received_at for a in arrivals))
                raise
            here.metrics.count(answers)
            return answers

        front = Front(settings, here.clock, here.desk, here.book, here.writer, board)
        house = front.house(submit, submit_batch, vitals.health)
        app = create_app(house, registry=here.metrics.registry, refused=vitals.refused)
        door = Door(settings.host, settings.port)
        door.on_shut = board.close
        wakes = {"board": lambda _: board.change()}
        loops = (log.run, watch.run, vitals.live, lambda: listen(here.url, wakes))
        async with running(here, *loops, has_pages=True):
            await door.serve(app)
            await way_in.finish()
        await vitals.end()
