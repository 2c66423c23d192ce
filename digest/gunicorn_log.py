"""What gunicorn says itself, as the other lines of the log: `gunicorn --logger-class digest.gunicorn_log.Logger`."""

from typing import Any

from gunicorn.glogging import Logger as _Logger

from digest import environment
from digest.log import FORMATS


class Logger(_Logger):
    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        made = FORMATS[environment.choice("PAPERGLOT_LOG_FORMAT", "plain", "plain json")]()
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(made)
