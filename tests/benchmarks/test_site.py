"""The benchmark of the site still runs, and a second building writes nothing."""

from pathlib import Path

from benchmarks.site import Network, nights_of, runs


def test_a_small_network_is_built_three_times(tmp_path: Path) -> None:
    network = Network(tmp_path, services=3, figures=2)
    for on in nights_of(4):
        network.night(on)
    first, again, after = runs(network, on)
    values = len(list((tmp_path / "site" / "figures").glob("*.html")))
    assert values == 3 * 2 * 4 + 2
    assert first[3] == again[4] > 3 * 2 * 4
    assert again[3] == 0
    services_and_lists = 1 + 9
    assert after[3] <= 2 * 2 + services_and_lists
