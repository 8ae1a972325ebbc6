"""People write over WebSocket while the daemon is killed again and again."""
import random
import threading

import chatd_world
from people import Closed, Device, group, sign_up

KILLS = 5
ROOMS = 4


class Writer(threading.Thread):
    """A device that says one line after the other in each room, all rooms at a time, until the
    connection breaks. A line without an answer stays in its outbox, to be said again."""

    def __init__(self, device, rooms):
        super().__init__()
        self.device = device
        self.outbox = {}  # room -> (client_msg_id, text)
        self.acked = {}   # client_msg_id -> (room, seq)
        self.rooms, self.count, self.failure = rooms, 0, None

    def run(self):
        try:
            while True:
                asked = {room: self.device.ask("message.send", room=room, client_msg_id=name,
                                               content={"text": text})
                         for room, (name, text) in self.next_lines().items()}
                for room, number in asked.items():
                    seq = self.device.answer_to(number)["seq"]
                    self.acked[self.outbox.pop(room)[0]] = (room, seq)
        except Closed:
            pass
        except Exception as error:
            self.failure = error

    def next_lines(self):
        for room in self.rooms:
            if room not in self.outbox:
                self.count += 1
                name = self.device.new_message_id()
                self.outbox[room] = (name, f"{self.device.name} {self.count}")
        return self.outbox


def says_what_was_acknowledged(records, acked, room):
    """Each line that was acknowledged is there under its number, and no line twice."""
    by_name = {}
    for record in records:
        if record["kind"] == "message":
            assert record["client_msg_id"] not in by_name, f"twice: {record}"
            by_name[record["client_msg_id"]] = record
    for name, (its_room, seq) in acked.items():
        if its_room == room:
            assert by_name.get(name, {}).get("seq") == seq, f"{name} is not there as {seq}"


def in_the_order_said(records, sender):
    numbers = [int(record["content"]["text"].split()[1]) for record in records
               if record["kind"] == "message" and record["sender"] == sender]
    assert numbers == sorted(set(numbers)), numbers


def story_what_was_acknowledged_survives_sigkill_once_and_in_order(world, io_threads=1):
    world.start(listen={"io_threads": io_threads}, plugin__storage_lmdb={"fold_writes": 1000})
    alice, bob, carol = sign_up(world, "alice", "bob", "carol")
    laptop = Device(world, "carol", "laptop").log_in()
    rooms = [group(alice, bob, carol, name=f"room {number}") for number in range(ROOMS)]
    devices = (alice, bob, carol, laptop)
    writers = [Writer(device, rooms) for device in devices]
    for kill in range(KILLS):
        for writer in writers:
            writer.start()
        seen = sum(len(writer.acked) for writer in writers)
        wanted = seen + random.randint(20, 400)
        chatd_world.until("they write", lambda: sum(
            len(writer.acked) for writer in writers) > wanted or any(
                not writer.is_alive() for writer in writers))
        world.kill()
        for number, writer in enumerate(writers):
            writer.join()
            if writer.failure:
                raise writer.failure
            again = writers[number] = Writer(writer.device, rooms)
            again.outbox, again.acked, again.count = writer.outbox, writer.acked, writer.count
        world.start()
        for device in devices:
            device.connect()
            if kill % 2:
                device.sync()
    for writer in writers:  # what is left is said again, under the same name
        for room, (name, text) in writer.outbox.items():
            writer.acked[name] = (room, writer.device.send(room, text, name))
    for device in devices:
        device.sync()
    acked = {name: where for writer in writers for name, where in writer.acked.items()}
    for room in rooms:
        records = alice.whole_log(room)
        for device in devices:
            assert device.whole_log(room) == records, f"{device.device_name} has another log"
        says_what_was_acknowledged(records, acked, room)
        for device in (alice, bob):  # carol's two devices count each for itself
            in_the_order_said(records, device.user)
        assert world.ctl("room", "verify", room)["problems"] == []
    name, (room, seq) = min(acked.items())
    for writer in writers:
        if name in writer.acked:
            assert writer.device.send(room, "said again", name) == seq
    commits = world.metrics()
    print(f"{KILLS} kills, {len(acked)} acknowledged, "
          f"{sum(len(alice.logs[room]) for room in rooms)} records; since the last start "
          f"{commits['store_batches_total']} batches in {commits['store_commits_total']} commits")
    world.stop()


def story_two_io_threads_survive_sigkill_too(world):
    story_what_was_acknowledged_survives_sigkill_once_and_in_order(world, io_threads=2)


if __name__ == "__main__":
    chatd_world.run(globals())
