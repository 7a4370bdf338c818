"""Why a message was not delivered."""


class Unreached(Exception):
    """Not now; it is worth another try."""


class NoServer(Unreached):
    """What all messages of this kind go through is not there; no other one need be tried now."""


class DeliveryRefused(Exception):
    """Not this message to this channel, however often it is tried."""


class NotSetUp(Exception):
    """Nothing of this kind can be sent from here until someone sets it up; says what is missing."""
