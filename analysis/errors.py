"""The errors that are the reader's to mend."""


class InputError(ValueError):
    """Input that cannot be used: the message names the thing, the choices and the cure."""


class TextWithheld(InputError):
    """What was asked needs the texts, and they are not at hand."""
