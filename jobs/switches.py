"""Variables that switch something on or off, in the words that people and tools write."""

from __future__ import annotations

from engine.errors import ConfigurationError
from engine.validation import shown_value

_WORDS = {
    **dict.fromkeys(("true", "enabled", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "disabled", "no", "off", "0"), False),
}


def parse_switch(name: str, value: str | None, words: str = "true and false") -> bool | None:
    """Whether a variable says true, or enabled; None without it leaves the word to the configuration.

    Args:
        name: Of the variable, for messages.
        value: What it holds.
        words: What is usually written there, for messages.

    Raises:
        ConfigurationError: It says neither.

    >>> parse_switch("publish_cloudwatch_metrics", "Enabled"), parse_switch("MONITOR_PUT_METRICS", None)
    (True, None)
    """
    if value is None:
        return None
    if value.lower() not in _WORDS:
        raise ConfigurationError(f"The environment variable {name} is {shown_value(value)}; allowed: {words}.")
    return _WORDS[value.lower()]
