"""The painted track against the road's geometry as shapely sees it."""

import time

import numpy as np
import pygame
import pytest
import shapely

from qrace.race import race
from qrace.sim.drawing_fit import drawing_of
from qrace.sim.track import Track
from qrace.sim.track_files import load_track
from qrace.view import markings, palette
from qrace.view.camera import Camera
from qrace.view.display_list import Polygon, Window, finished, paint_polygons
from qrace.view.kerbs import find_kerbs, kerb_polygons
from qrace.view.scenery import tree_polygons
from qrace.view.track_painter import TrackPainter


def road_of(track: Track) -> shapely.Geometry:
    """The road's area: the union of its strip of quadrilaterals, some of which are degenerate."""
    corners = [track.right_edge, np.roll(track.right_edge, -1, 0), np.roll(track.left_edge, -1, 0), track.left_edge]
    return shapely.union_all(shapely.make_valid(shapely.polygons(np.stack(corners, axis=1)))).buffer(1e-6)


def view_of(track: Track, size: tuple[int, int], follow_m: float | None = None) -> Camera:
    camera = Camera(pygame.Rect((0, 0), size))
    camera.fit(track.bounds)
    if follow_m is not None:
        x, y, heading = (float(value) for value in track.pose_at(follow_m))
        camera.following = True
        for _ in range(200):
            camera.follow((x, y, heading), 5.0, 0.05)
    return camera


def random_pixels(camera: Camera, count: int) -> np.ndarray:
    return np.random.default_rng(5).integers((0, 0), camera.viewport.size, (count, 2))


@pytest.mark.parametrize(
    ("name", "size", "follow_m"),
    [
        ("oval", (640, 480), None),
        ("oval", (331, 777), 120.0),
        ("kart", (640, 480), 400.0),
        ("eight", (517, 401), None),
        ("autodrome", (640, 480), 2500.0),
    ],
)
def test_road_and_ground_are_where_the_track_says(name: str, size: tuple[int, int], follow_m: float | None) -> None:
    track = load_track(name)
    camera = view_of(track, size, follow_m)
    surface = pygame.Surface(size)
    painter = TrackPainter(track)
    painter.finish(camera)
    painter.draw(surface, camera)
    painter.draw_over(surface, camera)
    painter.close()
    pixels = random_pixels(camera, 3000)
    points = shapely.points(camera.to_world(pixels + 0.5))
    road = road_of(track)
    outside = shapely.distance(road, points)
    inside = shapely.distance(shapely.boundary(road), points)
    view = shapely.box(*camera.to_world([(0, size[1]), (size[0], 0)]).ravel()).buffer(10.0)
    trees = shapely.polygons([tree.points for tree in tree_polygons(track)])
    things = shapely.union_all(trees[shapely.intersects(trees, view)]).buffer(2.5)
    bare_ground = (outside > 4.0 + 2.0 / camera.scale) & ~shapely.contains(things, points)
    x, y, _ = track.pose_at(np.linspace(-95.0, 25.0, 120))
    paint = shapely.LineString(np.column_stack([x, y])).buffer(9.0)
    bridges = shapely.MultiPoint([(b.x, b.y) for b in track.bridges]).buffer(30.0)
    bare_road = (outside == 0.0) & (inside > 0.5 + 2.0 / camera.scale)
    bare_road &= ~shapely.contains(paint, points) & ~shapely.contains(bridges, points)
    assert bare_ground.sum() > 200 and bare_road.sum() > 30
    colours = np.array([surface.get_at(pixel)[:3] for pixel in pixels.tolist()], dtype=int)
    asphalt = colours[bare_road]
    low, high = np.array(palette.ROAD_SHADE) - 6, np.array(palette.ROAD) + 6
    assert np.all((asphalt >= low) & (asphalt <= high)), "the road is warm grey everywhere"
    earth = colours[bare_ground]
    assert np.all(earth[:, 2] > earth[:, 0]) and earth.max() < 75, "the ground is cool and dark everywhere"


def test_edge_lines_lie_on_the_edges() -> None:
    track = load_track("oval")
    camera = view_of(track, (800, 600), 60.0)
    surface = pygame.Surface(camera.viewport.size)
    painter = TrackPainter(track)
    painter.finish(camera)
    painter.draw(surface, camera)
    painter.close()
    s = np.linspace(20.0, 50.0, 40)
    for edge in (track.left_edge, track.right_edge):
        knots = np.append(track.arc_length, track.length_m)
        line = np.column_stack([np.interp(s, knots, np.append(edge[:, k], edge[0, k])) for k in (0, 1)])
        x, y, _ = track.pose_at(s)
        inwards = np.column_stack([x, y]) - line
        line = line + inwards / np.hypot(*inwards.T)[:, None] * 0.13
        for pixel in camera.to_screen(line).astype(int).tolist():
            assert max(surface.get_at(pixel)[:3]) > 130


def test_a_bridge_hides_what_passes_beneath_and_nothing_else() -> None:
    track = load_track("eight")
    bridge = track.bridges[0]
    camera = view_of(track, (640, 480))
    painter = TrackPainter(track)
    painter.finish(camera)
    surface = pygame.Surface(camera.viewport.size)
    painter.draw(surface, camera)
    car = camera.to_screen(np.array([[bridge.x, bridge.y]]))[0].astype(int).tolist()
    x, y, _ = track.pose_at(bridge.under_m + bridge.under_reach_m + 12.0)
    beyond = camera.to_screen(np.array([[x, y]]))[0].astype(int).tolist()
    for place in (car, beyond):
        pygame.draw.circle(surface, (0, 255, 0), place, 2)
    painter.draw_over(surface, camera)
    painter.close()
    assert surface.get_at(car)[1] < 100
    assert surface.get_at(beyond)[:3] == (0, 255, 0)


def test_marks_on_a_bridge_darken_the_deck_and_leave_the_rest_as_it_was() -> None:
    track = load_track("eight")
    bridge = track.bridges[0]
    camera = view_of(track, (640, 480), bridge.over_m)
    painter = TrackPainter(track)
    painter.close()
    pictures = []
    for _ in range(2):
        painter.finish(camera)
        surface = pygame.Surface(camera.viewport.size)
        painter.draw(surface, camera)
        painter.draw_over(surface, camera)
        pictures.append(pygame.surfarray.array3d(surface).astype(int))
        x, y, heading = track.pose_at(bridge.over_m + np.linspace(-4.0, 4.0, 6))
        for _ in range(8):
            painter.marks.add(np.stack([x, y, heading, 0 * x, np.linspace(30, 20, 6)], axis=1)[:, None], 0.05)
    changed = np.argwhere(np.any(pictures[0] != pictures[1], axis=2))
    assert len(changed) > 50
    assert np.all((pictures[1] - pictures[0]).sum(axis=2) <= 0)
    lines = shapely.LineString(np.column_stack([x, y]))
    assert shapely.distance(lines, shapely.points(camera.to_world(changed + 0.5))).max() < 4.0


@pytest.mark.parametrize("name", ["eight", "clover", "oval"])
def test_cars_on_a_bridge_are_those_above_another_stretch_of_road(name: str) -> None:
    track = load_track(name)
    painter = TrackPainter(track)
    s = np.arange(0.0, track.length_m, 1.0)
    above = painter.on_bridge(s)
    assert above.any() == bool(track.bridges)
    for bridge in track.bridges:
        span = np.abs(np.mod(s - bridge.over_m + track.length_m / 2, track.length_m) - track.length_m / 2)
        lower = np.abs(np.mod(s - bridge.under_m + track.length_m / 2, track.length_m) - track.length_m / 2)
        width = float(track.width_left.max() + track.width_right.max())
        assert np.all(above[span < 0.5 * width])
        assert not np.any(above[lower < 0.5 * width])
    assert above.sum() <= 45 * len(track.bridges)


def test_frames_never_wait_for_painting() -> None:
    track = load_track("oval")
    camera = view_of(track, (640, 480))
    painter = TrackPainter(track)
    painter.close()  # nothing is painted in the background any more
    surface = pygame.Surface(camera.viewport.size)
    painter.draw(surface, camera)
    x, y, _ = track.pose_at(100.0)
    road = surface.get_at(camera.to_screen(np.array([[x, y]]))[0].astype(int).tolist())
    assert road[0] > 55 and abs(road[0] - road[2]) < 15, "a blurred road is there at once"


def test_the_background_paints_what_is_in_view() -> None:
    track = load_track("oval")
    camera = view_of(track, (500, 300))
    painter = TrackPainter(track)
    surface, finished = pygame.Surface((500, 300)), pygame.Surface((500, 300))
    other = TrackPainter(track)
    other.finish(camera)
    other.draw(finished, camera)
    deadline = time.monotonic() + 10.0
    while time.monotonic() < deadline:
        painter.draw(surface, camera)
        if pygame.image.tobytes(surface, "RGB") == pygame.image.tobytes(finished, "RGB"):
            break
        time.sleep(0.02)
    else:
        pytest.fail("the picture was not completed")
    painter.close()
    other.close()


def test_memory_stays_flat_on_a_long_drive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qrace.view.track_painter.FEWEST_TILES_KEPT", 24)
    track = load_track("autodrome")
    painter = TrackPainter(track)
    painter.close()
    surface = pygame.Surface((300, 200))
    kept = []
    for s in np.linspace(0.0, track.length_m, 11):
        camera = view_of(track, (300, 200), float(s))
        painter.draw(surface, camera)
        painter.finish(camera)
        kept.append(len(painter._store))
    assert max(kept) == kept[-1] == 24


def test_drawing_changes_nothing_of_the_track_or_the_camera() -> None:
    track = load_track("eight")
    before = {name: np.copy(value) for name, value in vars(track).items() if isinstance(value, np.ndarray)}
    camera = view_of(track, (320, 200), 30.0)
    state = (camera.centre.tolist(), camera.scale, camera.origin.tolist(), camera.viewport.copy())
    surface = pygame.Surface((400, 300))
    surface.set_clip(pygame.Rect(3, 4, 390, 280))
    painter = TrackPainter(track)
    painter.draw(surface, camera)
    painter.draw_over(surface, camera)
    painter.close()
    assert surface.get_clip() == pygame.Rect(3, 4, 390, 280)
    assert state == (camera.centre.tolist(), camera.scale, camera.origin.tolist(), camera.viewport)
    for name, value in before.items():
        np.testing.assert_array_equal(getattr(track, name), value)


@pytest.mark.parametrize("size", [(1, 1), (7, 300), (961, 601), (300, 2)])
@pytest.mark.parametrize("follow_m", [None, 80.0])
def test_any_size_can_be_drawn_and_only_the_viewport_is(size: tuple[int, int], follow_m: float | None) -> None:
    track = load_track("eight")
    camera = view_of(track, size, follow_m)
    camera.resize(pygame.Rect((5, 9), size))
    surface = pygame.Surface((size[0] + 10, size[1] + 18))
    surface.fill((255, 0, 255))
    painter = TrackPainter(track)
    for finish in (False, True):
        if finish:
            painter.finish(camera)
        painter.draw(surface, camera)
        painter.draw_over(surface, camera)
    painter.close()
    inside = pygame.mask.from_threshold(surface, (255, 0, 255), (1, 1, 1, 255))
    assert inside.count() == surface.get_width() * surface.get_height() - size[0] * size[1]


def test_kerbs_lie_along_the_road_in_bends_only() -> None:
    track = load_track("hairpins")
    road = road_of(track)
    kerbs = find_kerbs(track)
    assert len(kerbs) >= 8
    for stripe in kerb_polygons(track, kerbs, scale=5.0):
        shape = shapely.make_valid(shapely.Polygon(stripe.points))
        assert shapely.area(shapely.intersection(shape, road)) < 0.65 * shapely.area(shape)
        assert shapely.distance(shape, road.boundary) < 0.5
        assert shapely.distance(shapely.Point(stripe.points.mean(axis=0)), road.boundary) < 1.6
    for kerb in kerbs:
        near = np.arange(kerb.start_m - 12.0, kerb.end_m + 12.0, 1.0)
        turned = np.unwrap(track.pose_at(near)[2])
        assert abs(turned[-1] - turned[0]) > 0.15, "no kerb without a bend"


def test_apex_kerbs_are_inside_the_bend() -> None:
    track = load_track("oval")  # driven anticlockwise: the inside is the left
    sides = [kerb.side for kerb in find_kerbs(track)]
    assert sides.count(1) == 2
    assert set(sides[::2]) == {1}


def test_grid_boxes_stand_where_races_put_the_cars() -> None:
    assert (markings.GRID_POLE_M, markings.GRID_GAP_M) == (race.POLE_M, race.GRID_GAP_M)
    assert markings.GRID_ACROSS == race.GRID_ACROSS


def test_painted_edges_are_smooth() -> None:
    triangle = Polygon((200, 100, 50), np.array([[1.0, 1.0], [9.0, 2.0], [3.0, 8.0]]))
    picture = finished(paint_polygons([triangle], Window(0, -100, 100, 100, 10.0)))
    alpha = pygame.surfarray.array_alpha(picture).astype(float) / 255.0
    assert alpha.sum() / 100.0 == pytest.approx(shapely.Polygon(triangle.points).area, rel=0.02)
    assert len(np.unique(alpha)) > 8
    assert np.all(pygame.surfarray.array3d(picture)[:, :, 0] <= 200 * alpha + 2), "premultiplied"


def test_a_bend_whose_inner_edge_shrinks_to_a_point_has_no_kerb_there() -> None:
    """As drawn roads may have: two control points so near to each other that the edge folds for the whole bend."""
    drawing = drawing_of(load_track("river"))
    track = drawing.move(12, drawing.points[13] + (3.0, 9.0)).track("tight", "Tight")
    kerbs = find_kerbs(track)
    stripes = list(kerb_polygons(track, kerbs, 4.0))
    assert stripes
    assert all(np.all(np.isfinite(stripe.points)) for stripe in stripes)
