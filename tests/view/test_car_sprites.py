"""Cars on the picture against the rectangles that they are in the world."""

import numpy as np
import pygame
import pytest
import shapely

from qrace.sim.car import CAR_MODELS, CarName
from qrace.view.camera import Camera
from qrace.view.car_shapes import car_polygons
from qrace.view.car_sprites import CarSprites
from qrace.view.picture_cache import PictureCache

BACK = (90, 90, 90)
CARS: tuple[CarName, ...] = ("lesson", "grand-prix")


def view(metres: float, size: int = 200) -> Camera:
    camera = Camera(pygame.Rect(0, 0, size, size))
    camera.fit((-metres / 2, -metres / 2, metres / 2, metres / 2))
    return camera


def drawn(camera: Camera, x: float, y: float, heading: float, **more: object) -> np.ndarray:
    """(width, height, 3) the picture of one car on a plain ground."""
    surface = pygame.Surface(camera.viewport.size)
    surface.fill(BACK)
    options = {"livery": 1, "number": 7, "car": "lesson", **more}
    steer = float(options.pop("steer", 0.0))
    CarSprites().draw(surface, camera, x, y, heading, steer, **options)
    return pygame.surfarray.array3d(surface).astype(int)


def painted(picture: np.ndarray, threshold: int = 0) -> np.ndarray:
    """(K, 2) pixels that differ from the ground."""
    return np.argwhere(np.abs(picture - BACK).max(axis=2) > threshold)


@pytest.mark.parametrize("car", CARS)
@pytest.mark.parametrize("heading", [0.0, 0.7, 2.5, -1.2, 17.0])
@pytest.mark.parametrize("metres", [20.0, 45.0])
def test_a_car_covers_its_rectangle(car: CarName, heading: float, metres: float) -> None:
    camera, model = view(metres), CAR_MODELS[car]
    pixels = painted(drawn(camera, 2.0, -3.0, heading, car=car), threshold=60)  # brighter or darker than its shadow
    half = np.array([model.length_m, model.width_m]) / 2
    corners = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * half
    turn = np.array([[np.cos(heading), -np.sin(heading)], [np.sin(heading), np.cos(heading)]])
    rectangle = shapely.Polygon(corners @ turn.T + (2.0, -3.0))
    points = shapely.points(camera.to_world(pixels + 0.5))
    assert shapely.distance(rectangle, points).max() < 0.3 + 2.0 / camera.scale
    hull = shapely.convex_hull(shapely.multipoints(points)).buffer(0.5 / camera.scale)
    assert hull.area > 0.72 * rectangle.area
    assert hull.centroid.distance(rectangle.centroid) < 0.35 + 1.0 / camera.scale


@pytest.mark.parametrize("car", CARS)
@pytest.mark.parametrize("heading", np.linspace(-3.0, 3.0, 7))
def test_brake_lights_shine_at_the_rear(car: CarName, heading: float) -> None:
    camera = view(15.0)
    braking = drawn(camera, 0.0, 0.0, heading, car=car, braking=True)
    rolling = drawn(camera, 0.0, 0.0, heading, car=car, braking=False)
    brighter = np.argwhere(braking[:, :, 0] - rolling[:, :, 0] > 60)
    assert len(brighter) > 20
    offset = camera.to_world(brighter + 0.5).mean(axis=0)
    along = offset @ (np.cos(heading), np.sin(heading))
    across = offset @ (-np.sin(heading), np.cos(heading))
    assert along < -2.0 and abs(across) < 0.2


@pytest.mark.parametrize("car", CARS)
def test_front_wheels_turn_with_the_steering(car: CarName) -> None:
    left, right = car_polygons(car, 0, 1, 0.4, False, True), car_polygons(car, 0, 1, -0.4, False, True)
    moved = [
        shapely.Polygon(a.points).centroid
        for a, b in zip(left, right, strict=True)
        if not np.allclose(a.points, b.points)
    ]
    assert len(moved) >= 2 and all(place.x > 1.0 for place in moved)
    camera = view(15.0)
    assert (drawn(camera, 0, 0, 0.0, car=car, steer=0.4) != drawn(camera, 0, 0, 0.0, car=car, steer=-0.4)).any()


def test_a_car_is_seen_on_the_longest_circuit() -> None:
    camera = view(3000.0)
    pixels = painted(drawn(camera, 100.0, 200.0, 0.5), threshold=40)
    assert np.hypot(*np.ptp(pixels, axis=0)) > 10.0
    assert np.abs(camera.to_world(pixels.mean(axis=0)) - (100.0, 200.0)).max() * camera.scale < 2.0


def test_neither_livery_nor_number_is_the_same_for_two_cars() -> None:
    camera = view(20.0)
    pictures = [drawn(camera, 0, 0, 0.3, livery=livery, number=number) for livery in range(8) for number in (4, 21)]
    assert len({picture.tobytes() for picture in pictures}) == 16


def test_a_slow_car_glides_by_less_than_a_pixel() -> None:
    camera = view(60.0)
    weights = []
    for step in range(9):
        picture = np.abs(drawn(camera, step * 0.25 / camera.scale, 0.0, 0.0) - BACK).sum(axis=2)
        weights.append(np.average(np.arange(picture.shape[0]), weights=picture.sum(axis=1)))
    assert np.diff(weights).max() < 0.75
    assert weights[-1] - weights[0] == pytest.approx(2.0, abs=0.3)


def test_a_faded_car_is_between_the_car_and_the_ground() -> None:
    camera = view(20.0)
    solid, half, none = (drawn(camera, 0, 0, 1.0, alpha=alpha) for alpha in (255, 128, 0))
    assert not len(painted(none, 1))
    np.testing.assert_allclose(half, (solid + np.array(BACK)) / 2, atol=3)


@pytest.mark.parametrize("place", [(300.0, 0.0), (0.0, -5000.0), (-170.0, 0.0)])
def test_cars_out_of_view_are_left_out(place: tuple[float, float]) -> None:
    assert not len(painted(drawn(view(200.0), *place, 0.0)))


def test_the_halo_is_a_ring_around_the_car() -> None:
    camera = view(60.0)
    surface = pygame.Surface(camera.viewport.size)
    surface.fill(BACK)
    CarSprites().draw_halo(surface, camera, 5.0, 5.0)
    pixels = painted(pygame.surfarray.array3d(surface).astype(int), 60)
    distance = np.hypot(*(camera.to_world(pixels + 0.5) - (5.0, 5.0)).T)
    assert distance.min() > 3.0 and distance.std() < 0.5


def test_memory_is_bounded() -> None:
    cache = PictureCache(limit_bytes=10_000)
    for key in range(500):
        cache.get(key, lambda: pygame.Surface((16, 16), pygame.SRCALPHA, 32))
        assert cache.bytes_kept <= 10_000
    assert len(cache) == 10_000 // (16 * 16 * 4)
    again = cache.get(499, lambda: pytest.fail("painted again"))
    assert again.get_size() == (16, 16)


def test_the_picture_used_last_is_kept() -> None:
    cache = PictureCache(limit_bytes=2 * 16 * 16 * 4)
    for key in ("a", "b", "a", "c"):
        cache.get(key, lambda: pygame.Surface((16, 16), pygame.SRCALPHA, 32))
    cache.get("a", lambda: pytest.fail("a was used after b"))
    with pytest.raises(LookupError):
        cache.get("b", lambda: (_ for _ in ()).throw(LookupError()))


@pytest.mark.parametrize("car", CARS)
def test_a_picture_for_lists_is_the_car_as_the_world_draws_it(car: CarName) -> None:
    sprites, length = CarSprites(), 5.0 * 2 ** (45 / 12)  # a zoom that cars are drawn at
    picture = sprites.picture(car, 1, 7, length)
    assert 0.9 * length < picture.get_width() < 1.5 * length and picture.get_height() < 0.6 * picture.get_width()
    plain = pygame.Surface(picture.get_size())
    plain.fill(BACK)
    plain.blit(picture, (0, 0))
    premultiplied = pygame.Surface(picture.get_size())
    premultiplied.fill(BACK)
    sprite = sprites._sprite((car, 1, 7, 0, False), 45, 0.0, (0.0, 0.0))
    premultiplied.blit(sprite, (0, 0), sprite.get_bounding_rect(), special_flags=pygame.BLEND_PREMULTIPLIED)
    apart = pygame.surfarray.array3d(plain).astype(int) - pygame.surfarray.array3d(premultiplied)
    assert np.abs(apart).max() <= 6
