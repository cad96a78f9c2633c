"""What many rounds say: their medians, and of two rows the median of what each round says of both."""

from benchmarks.load import Result
from benchmarks.report import CPU, P99, RATE
from benchmarks.rounds import Rounds
from benchmarks.serving import Measured


def measured(cpu: float) -> Measured:
    load = Result(turns=100, seconds=cpu / 100, p50=1.0, p99=cpu, sample="", last_state=None)
    return Measured(load, server_cpu=cpu, store_cpu=0.0, round_trips=1.0)


def test_one_disturbed_round_moves_no_figure() -> None:
    row = Rounds([measured(400.0), measured(9000.0), measured(410.0)])
    assert row.median(CPU) == row.median(P99) == 410.0
    assert row.median(RATE) == 100 / 4.1


def test_rows_are_compared_round_by_round() -> None:
    floor, ours = Rounds(list(map(measured, (200.0, 400.0, 200.0)))), Rounds(list(map(measured, (500.0, 960.0, 900.0))))
    assert ours.times(floor, CPU) == 2.5
