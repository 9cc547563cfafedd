"""Books on what a card made and what its operators got: the other side of tests/e2e/survive.py."""

import collections
import json
import sqlite3


class Books:
    """Of notifications, each a pair of EID and number, and of the faults that they had to survive."""

    def __init__(self):
        self.made = set()
        self.on_card = set()  # of these, what the card in the reader holds
        self.delivered = collections.defaultdict(list)  # digests
        self.faults = collections.Counter()  # by kind
        self.lost = 0
        self.stuck = 0
        self.repeated = 0
        self.problems = []
        self._firsts = {}  # by EID, the number of the first one
        self._read = {}  # by log, lines
        self._told = set()  # those that were found lost or late
        self._recorded = set()
        self._counted = {}

    def look_at_card(self, state):
        eid = state["eid"].upper()
        first = self._firsts.setdefault(eid, state["next_sequence"])
        self.made |= {(eid, number) for number in range(first, state["next_sequence"])}
        self.on_card = {(eid, each["sequence"]) for each in state["notifications"]}

    def read(self, log):
        lines = log.read_text(encoding="utf-8").splitlines()
        for event in map(json.loads, lines[self._read.get(log, 0) :]):
            told = event.get("notification")
            if told and event["http"] == 204:
                if not told["valid"]:
                    self.problems.append(f"the server was told what does not hold: {event}")
                self.delivered[told["eid"].upper(), told["sequence"]].append(told["digest"])
        self._read[log] = len(lines)

    def after_fault(self, kind, outbox):
        """What is recorded as sent may not be sent again."""
        self.faults[kind] += 1
        self._recorded = {each for each, sent in outbox.items() if sent}

    def judge(self, label, good, outbox, story):
        """Of the last fault: whether what was to be is so, and nothing is missing or late."""
        waiting = self.on_card | {each for each, sent in outbox.items() if not sent}
        absent = self.made - {each for each, digests in self.delivered.items() if digests} - self._told
        self._told |= absent
        lost, late = absent - waiting, absent & waiting
        again = {each for each, digests in self.delivered.items() if len(digests) > self._counted.get(each, 1)}
        for each in again:
            digests = self.delivered[each]
            self.repeated += len(digests) - self._counted.get(each, 1)
            self._counted[each] = len(digests)
            if each in self._recorded:
                self.problems.append(f"{label}: {each} was sent again after it was recorded")
            if len(set(digests)) > 1:
                self.problems.append(f"{label}: {each} was sent in different octets")
        self.lost += len(lost)
        self.stuck += bool(late) or not good
        if lost or late or not good:
            what = f"lost {sorted(lost)}, late {sorted(late)}, {'as wanted' if good else 'not as wanted'}"
            self.problems.append("\n".join([f"{label}: {what}", *map(str, story)]))

    def results(self):
        return {
            "faults": dict(self.faults),
            "lost": self.lost,
            "stuck": self.stuck,
            "repeated": self.repeated,
            "problems": self.problems,
        }


def outbox(home):
    """Each notification in the journal below that directory, and whether it is recorded as sent."""
    file = home / "esimctl" / "journal.db"
    if not file.exists():
        return {}
    connection = sqlite3.connect(file)
    try:
        rows = connection.execute("SELECT eid, sequence_number, sent_at FROM outbox").fetchall()
    except sqlite3.OperationalError:  # killed before there was a table
        rows = []
    finally:
        connection.close()
    return {(eid.upper(), number): sent_at is not None for eid, number, sent_at in rows}
