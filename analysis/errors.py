"""The one error that is the reader's to mend."""


class InputError(ValueError):
    """Input that cannot be used: the message names the thing, the choices and the cure."""
