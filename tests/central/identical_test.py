"""Eight connections send the same signed batch at the same moment, again and again: every reply is a
success, and each answer is stored once. Usage: identical_test.py PROGRAM [ROUNDS]"""
import json
import sys
import threading

from central_fixture import DEADLINE_S, batch, central, response, run
from device_key import SignedDevice

ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
SENDERS = 8
UNLIMITED = "[devices]\nrequests_per_minute = 0\n[limits]\nrequests_per_connection = 100000\n"


class Sender(threading.Thread):
    """Sends each round's message over a connection of its own, when all others do."""

    def __init__(self, server, credential, messages, together):
        super().__init__()
        self.server, self.credential, self.messages = server, credential, messages
        self.together, self.replies, self.trouble = together, [], None

    def run(self):
        try:
            connection = self.server.connect()
            for body, headers in self.messages:
                self.together.wait(timeout=DEADLINE_S)
                self.replies.append(self.server.request("POST", "/v1/batches", body,
                                                        self.credential, headers, connection))
            connection.close()
        except Exception as error:  # told to the main thread, which fails
            self.trouble = error
            self.together.abort()


def check_round(device, number, sent, replies):
    """Every reply is a signed success that accepts every answer."""
    device.number = number
    for reply in replies:
        assert reply[0] == 200, (number, reply[0], reply[2])
        assert device.is_central("receipt", reply), (number, reply)
        receipt = json.loads(reply[2])["receipt"]
        assert sorted(receipt["accepted"]) == sorted(sent), (number, receipt)
        assert receipt["refused"] == [], (number, receipt)


def eight_identical_signed_batches_at_once_are_each_answered_and_stored_once():
    with central(UNLIMITED) as server:
        server.add_unit()
        device = SignedDevice(server, server.enrolment_code())
        rounds = [[response(), response()] for _ in range(ROUNDS)]
        messages = [device.signed("batch", batch(*answers)) for answers in rounds]
        together = threading.Barrier(SENDERS)
        senders = [Sender(server, device.told["credential"], messages, together)
                   for _ in range(SENDERS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        troubles = [sender.trouble for sender in senders if sender.trouble]
        assert not troubles, troubles
        sent = [[one["id"] for one in answers] for answers in rounds]
        for number, ids in enumerate(sent, start=1):
            check_round(device, number, ids, [sender.replies[number - 1] for sender in senders])
        kept = server.stored_ids()
        assert sorted(kept) == sorted(one for ids in sent for one in ids), len(kept)
        print(f"{ROUNDS} rounds of {SENDERS}: {ROUNDS * SENDERS} successes, {len(kept)} rows")


run(eight_identical_signed_batches_at_once_are_each_answered_and_stored_once)
