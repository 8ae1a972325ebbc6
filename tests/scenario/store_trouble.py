"""Full disks, damaged files, folders that belong to others: a clear word, and nothing lost."""
import contextlib
import os
import pathlib
import random
import shutil
import subprocess

import chatd_world
from chatd_world import Skipped, World
from people import Closed, Device, Refused, direct, group, sign_up

SEEDS = range(int(os.environ.get("CHATD_FIRST_SEED", "1")),
              int(os.environ.get("CHATD_LAST_SEED", "8")) + 1)


@contextlib.contextmanager
def small_disk(world, options):
    """Mounts one where the data folder is, for this world's chatd only; gives its folder as seen
    from here. It lasts as long as the process that holds it open."""
    world.data.mkdir()
    script = f'mount -t tmpfs -o {options} disk "$1" && echo mounted && exec cat'
    with subprocess.Popen(["unshare", "-m", "sh", "-c", script, "sh", world.data],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        try:
            if holder.stdout.readline() != "mounted\n":
                raise Skipped("a file system can't be mounted here: that needs root")
            world.launcher = ["nsenter", "-m", "-t", str(holder.pid), f"--wd={world.folder}"]
            yield pathlib.Path(f"/proc/{holder.pid}/root") / world.data.relative_to("/")
            world.clean_up()
        finally:
            holder.stdin.close()


def fill(file, leave=300 * 1024):
    """Takes all the room there is but `leave` bytes, for a few commits."""
    with open(file, "wb", buffering=0) as filler:
        with contextlib.suppress(OSError):
            while True:
                filler.write(b"x" * 4096)
        filler.truncate(filler.tell() - leave)


def send_until_refused(device, room):
    """The texts that were acknowledged, and the word of the refusal."""
    acked = []
    while True:
        text = f"{len(acked)} " + "x" * 20000
        try:
            device.send(room, text)
        except Refused as error:
            assert "disk" in str(error) or "store" in str(error), error
            return acked, error.code
        acked.append(text)


def story_a_full_disk_refuses_writes_until_there_is_room(world):
    with small_disk(world, "size=16m") as disk:
        world.start(control={"socket": str(world.folder / "chatd.sock")})
        alice, bob = sign_up(world, "alice", "bob")
        room = direct(alice, bob)
        said = ["hello"]
        for _ in range(2):
            fill(disk / "filler")
            acked, word = send_until_refused(alice, room)
            said += acked
            assert word == "read_only", word
            assert bob.call("history.get", room=room)["records"]
            assert alice.refused("room.create", name="another") == "read_only"
            chatd_world.until("/healthz tells", lambda: world.get("/healthz")[0] == 503)
            assert world.ctl("status")["state"] == "read_only"
            (disk / "filler").unlink()

            def is_taken():
                with contextlib.suppress(Refused):
                    return alice.send(room, "there is room again")

            chatd_world.until("writes go on", is_taken)
            said.append("there is room again")
            bob.expect_text(room, "there is room again")
            chatd_world.until("/healthz is well", lambda: world.get("/healthz")[0] == 200)
        bob.sync()
        assert bob.texts(room) == said
        world.stop()
        world.start()
        bob = Device(world, "bob", "laptop").log_in()
        bob.sync()
        assert bob.texts(room) == said
        assert world.ctl("room", "verify", room)["problems"] == []
        print(f"{len(said)} acknowledged around two full disks")
        world.stop()


def story_a_disk_that_can_not_be_written_is_named_at_the_start(world):
    with small_disk(world, "ro"):
        said = world.refuses_to_start()
        assert "Read-only file system" in said and "data" in said, said


def story_a_data_folder_that_can_not_be_is_named_at_the_start(world):
    said = world.refuses_to_start(server={"data_dir": "cert.pem/data"})
    assert "cert.pem/data: Not a directory" in said, said


def story_a_data_folder_belongs_to_one_server_at_a_time(world):
    world.start()
    alice, bob = sign_up(world, "alice", "bob")
    room = direct(alice, bob)
    (world.folder / "second").mkdir()
    second = World((world.chatd, world.chatctl, world.plugins, world.test_plugins),
                   world.folder / "second")
    said = second.refuses_to_start(server={"data_dir": str(world.data)},
                                   control={"socket": "other.sock"})
    assert "another" in said, said
    said = second.refuses_to_start(server={"data_dir": "data"},
                                   control={"socket": str(world.data / "chatd.sock")})
    assert "another process answers on" in said, said
    alice.send(room, "as before")
    bob.expect_text(room, "as before")
    assert world.ctl("status")["state"] == "running"
    world.stop()


def story_a_storage_plugin_that_is_none_is_named(world):
    junk = world.folder / "junk"
    junk.mkdir()
    (junk / "storage_lmdb.so").write_text("junk")
    cases = [({"dirs": [str(junk), world.plugins]}, "storage_lmdb", "storage_lmdb.so"),
             ({"dirs": [world.plugins, world.test_plugins]}, "mischief", "mischief"),
             ({"dirs": [world.plugins]}, "no_such", "no_such"),
             ({"dirs": [world.plugins]}, "auth_password", "auth_password")]
    for plugins, name, word in cases:
        said = world.refuses_to_start(plugins=plugins, storage={"plugin": name})
        assert word in said, said
    said = world.refuses_to_start(
        plugins={"dirs": [world.plugins, world.test_plugins], "load": ["mischief"]},
        storage={"plugin": "storage_lmdb"}, plugin__mischief={"fail_create": True})
    assert "told to fail" in said, said


def fill_store(world):
    """Two rooms, one of them folded into the history; gives back the rooms and what was said."""
    world.start(plugin__storage_lmdb={"fold_writes": 1000})
    alice, bob = sign_up(world, "alice", "bob")
    rooms = [direct(alice, bob), group(alice, bob)]
    for number in range(600):
        for asked in [alice.ask("message.send", room=room, client_msg_id=alice.new_message_id(),
                                content={"text": f"line {number}"}) for room in rooms]:
            alice.answer_to(asked)
    chatd_world.until("a part is folded", lambda: world.ctl("status")["storage"]["folded_runs"])
    alice.sync()
    logs = {room: alice.whole_log(room) for room in rooms}
    world.stop()
    return logs


def live_with_damage(world, logs):
    """Starts it and does what people do. It serves what is whole, or says in words what is not."""
    world.launch()
    chatd_world.until("it starts or gives up", lambda: "ready server=" in world.log()
                      or world.process.poll() is not None)
    if world.process.poll() is not None:
        code, said = world.process.returncode, world.log()
        assert code == 1 and ".mdb" in said, f"it ended with {code}: {said}"
        world.process = None
        return "refused to start"
    world.find_addresses()
    word = "serves"
    with contextlib.suppress(Closed):
        try:
            alice = Device(world, "alice", "laptop").log_in()
            for room, log in logs.items():
                alice.call("sync", account_version=0, rooms=[])
                for after in range(0, len(log), 100):
                    records = alice.call("history.get", room=room, after=after,
                                         limit=100)["records"]
                    assert records == log[after:after + 100], f"{records[-1:]} after {after}"
                alice.send(room, "still here")
        except Refused as error:
            assert error.code in ("internal", "unavailable", "read_only", "not_found",
                                  "unauthenticated"), error
            word = error.code
    for room in logs:
        done = subprocess.run([world.chatctl, "--config", world.config_file, "room", "verify",
                               room], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0 or done.stdout + done.stderr, done
        if done.returncode != 0:
            word += ", verify tells"
    assert world.process.poll() is None, f"it ended with {world.process.poll()}: {world.log()}"
    world.stop()
    return word


def damaged(world, logs, damages):
    """Lives with each damage, from whole files each time; prints what became of them."""
    whole = world.folder / "whole"
    shutil.copytree(world.data / "store", whole)
    outcomes = {}
    for name, damage in damages:
        shutil.rmtree(world.data / "store")
        shutil.copytree(whole, world.data / "store")
        damage(world.data / "store")
        try:
            outcome = live_with_damage(world, logs)
        except BaseException:
            print(f"the damage was: {name}")
            raise
        outcomes.setdefault(outcome, []).append(name)
    for outcome, names in outcomes.items():
        print(f"{len(names)} {outcome}: {', '.join(names)}")


def flip_bytes(seed):
    def flip(store):
        dice = random.Random(seed)
        file = store / dice.choice(["journal.mdb", "history.mdb"])
        content = bytearray(file.read_bytes())
        for _ in range(dice.choice([1, 3, 30])):
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        file.write_bytes(content)
    return flip


def story_flipped_bytes_on_the_disk_are_served_around_or_told(world):
    logs = fill_store(world)
    damaged(world, logs, [(f"seed {seed}", flip_bytes(seed)) for seed in SEEDS])


def truncate(name, part):
    def cut(store):
        os.truncate(store / name, int((store / name).stat().st_size * part))
    return cut


def swap(store):
    (store / "journal.mdb").rename(store / "x")
    (store / "history.mdb").rename(store / "journal.mdb")
    (store / "x").rename(store / "history.mdb")


def zero_heads(store):
    for name in ("journal.mdb", "history.mdb"):
        with open(store / name, "r+b") as file:
            file.write(bytes(8192))


def story_files_that_are_cut_or_missing_are_told(world):
    logs = fill_store(world)
    damages = [(f"{name} cut to {part}", truncate(name, part))
               for name in ("journal.mdb", "history.mdb") for part in (0, 0.01, 0.5, 0.97)]
    damages += [(f"no {name}", lambda store, name=name: (store / name).unlink())
                for name in ("journal.mdb", "history.mdb")]
    damages += [("swapped", swap), ("heads zeroed", zero_heads)]
    damaged(world, logs, damages)


if __name__ == "__main__":
    chatd_world.run(globals())
