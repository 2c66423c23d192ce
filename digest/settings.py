"""Every setting, read once from `PAPERGLOT_*` variables; each has a default that works on one machine."""

import sys
from pathlib import Path

from csp.constants import SELF
from django.core.exceptions import ImproperlyConfigured

from digest import environment, sentry
from digest.environment import env
from digest.paths import CHECKOUT, DataFolderError, data_folder, secret_key

# --- this installation ------------------------------------------------------------------------
DATA = data_folder()
DEBUG = environment.switch("PAPERGLOT_DEBUG", False)
try:
    SECRET_KEY = environment.text("PAPERGLOT_SECRET_KEY") or secret_key(DATA)
except DataFolderError as error:
    sys.exit(f"paperglot: {error}")
# Keys that were in use before: what they signed or encrypted is still read.
SECRET_KEY_FALLBACKS = environment.words("PAPERGLOT_SECRET_KEY_FALLBACKS")
HOST = environment.text("PAPERGLOT_HOST", "127.0.0.1")
PORT = int(environment.number("PAPERGLOT_PORT", 8000, 1, 65535))
PUBLIC_URL = environment.origin("PAPERGLOT_PUBLIC_URL")
ALLOWED_HOSTS = env.list("PAPERGLOT_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", HOST])
BEHIND_PROXY = environment.switch("PAPERGLOT_BEHIND_PROXY", False)
if PUBLIC_URL:
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
    ALLOWED_HOSTS.append(environment.host_of(PUBLIC_URL))
SECURE = PUBLIC_URL.startswith("https://")
CONTACT = environment.text("PAPERGLOT_CONTACT")

METRICS_TOKEN = environment.text("PAPERGLOT_METRICS_TOKEN").strip()

# --- arXiv ------------------------------------------------------------------------------------
ARXIV_URL = environment.address("PAPERGLOT_ARXIV_URL", "https://rss.arxiv.org")
# arXiv's terms: one request every three seconds over all machines (info.arxiv.org/help/api/tou).
ARXIV_INTERVAL = environment.number("PAPERGLOT_ARXIV_INTERVAL", 3.0, 0.0, 3600)
if "arxiv.org" in ARXIV_URL and ARXIV_INTERVAL < 3:
    raise ImproperlyConfigured("PAPERGLOT_ARXIV_INTERVAL: arXiv asks for 3 seconds or more.")
DEADLINE_HOURS = environment.number("PAPERGLOT_DEADLINE_HOURS", 6, 0, 24)

# --- translation ------------------------------------------------------------------------------
MODELS = Path(environment.text("PAPERGLOT_MODELS", str(DATA / "models"))).expanduser()
HUB_URL = environment.address("PAPERGLOT_HUB_URL", "https://huggingface.co")
CONTENT_LANGUAGE = environment.language("PAPERGLOT_LANGUAGE", "zh-Hans")
DEVICE = environment.choice("PAPERGLOT_DEVICE", "cpu", "cpu cuda auto")
COMPUTE_TYPES = "int8 default auto int8_float32 int8_float16 int8_bfloat16 int16 float16 bfloat16 float32"
COMPUTE_TYPE = environment.choice("PAPERGLOT_COMPUTE_TYPE", "int8", COMPUTE_TYPES)
THREADS = int(environment.number("PAPERGLOT_THREADS", 0, 0, 1024))  # 0: one a core
# Megabytes; 0: no limit. A translator's child that has grown larger is replaced after its task.
TRANSLATOR_MEMORY = int(environment.number("PAPERGLOT_TRANSLATOR_MEMORY", 0, 0, 1 << 20))
BATCH_TOKENS = int(environment.number("PAPERGLOT_BATCH_TOKENS", 2048, 64, 65536))

# --- database, broker -------------------------------------------------------------------------
DATABASES = {
    "default": environment.database("PAPERGLOT_DATABASE_URL", f"sqlite:///{DATA / 'paperglot.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Write locks are taken at BEGIN, so two writers wait for one another instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"].setdefault("OPTIONS", {}).update(environment.database_tls("PAPERGLOT_DATABASE"))
BROKER_URL = environment.text("PAPERGLOT_BROKER_URL")  # empty: `up` starts one of its own
if BROKER_URL and "://" not in BROKER_URL:
    raise ImproperlyConfigured(f"PAPERGLOT_BROKER_URL={BROKER_URL!r}: redis://HOST:6379/0, please.")
BROKER_TLS = environment.broker_tls("PAPERGLOT_BROKER", BROKER_URL)
# Empty: nothing is mailed. smtp://user:password@host:587, smtp+tls://…, smtp+ssl://…
vars().update(environment.mail("PAPERGLOT_MAIL_URL"))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("PAPERGLOT_MAIL_FROM", CONTACT or "paperglot@localhost")
EMAIL_TIMEOUT = 20
# Channels and webhooks reach public addresses only; these hosts (a lab's own Mattermost) may be inside.
INSIDE_HOSTS = frozenset(
    name.strip().lower().rstrip(".")
    for name in environment.text("PAPERGLOT_INSIDE_HOSTS").split(",")
    if name.strip()
)
BACKUP_HOURS = environment.number("PAPERGLOT_BACKUP_HOURS", 0, 0, 8760)  # 0: nobody is told
BELL_SECONDS = environment.number("PAPERGLOT_BELL_SECONDS", 5, 1, 300)

# --- accounts ---------------------------------------------------------------------------------
SIGNUP = environment.choice("PAPERGLOT_SIGNUP", "invitation", "closed invitation approval open")
_mail = bool(vars()["EMAIL_HOST"])
STAFF_SECOND_FACTOR = environment.switch("PAPERGLOT_STAFF_SECOND_FACTOR", False)
ADMIN_PATH = environment.path("PAPERGLOT_ADMIN_PATH", "admin/")
# A page for everybody of each keyword that so many people follow, or that an administrator made public; 0: of none.
PUBLIC_KEYWORDS = int(environment.number("PAPERGLOT_PUBLIC_KEYWORDS", 0, 0, 1_000_000))
PUBLIC_INDEXED = environment.switch("PAPERGLOT_PUBLIC_INDEXED", False)
ACCOUNT_ADAPTER = "digest.entrance.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "digest.entrance.SocialAdapter"
MFA_ADAPTER = "digest.entrance.MfaAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*" if _mail else "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if _mail else "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_EMAIL_NOTIFICATIONS = _mail
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Paperglot: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SECURE else "http"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = {"unsent": "30/m/ip", "invite": "60/h/user"}
SOCIALACCOUNT_AUTO_SIGNUP = False  # the form says who they are here, and asks for an invitation's sake
ACCOUNT_FORMS = {"login": "digest.entrance_forms.LoginForm"}
MFA_FORMS = {
    "add_webauthn": "digest.entrance_forms.AddKeyForm",
    "edit_webauthn": "digest.entrance_forms.EditKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Paperglot"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not SECURE  # for localhost; browsers refuse it elsewhere
if BEHIND_PROXY:
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
_social_apps, SOCIALACCOUNT_PROVIDERS, _social_origins = environment.social("PAPERGLOT_SOCIAL")
# Limits are counted here: every process of the installation has to see the same numbers.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "paperglot_cache",  # migration 0012 makes it
        "OPTIONS": {"MAX_ENTRIES": 20000},
    }
}

# How often one reader (or, without one, one address) may ask in a minute; digest/limits.py counts.
LIMITS = {
    "api": (int(environment.number("PAPERGLOT_API_LIMIT", 300, 1, 1_000_000)), 60),
    "search": (int(environment.number("PAPERGLOT_SEARCH_LIMIT", 60, 1, 1_000_000)), 60),
}

# --- Django -----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "digest",
    "worker",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    *_social_apps,
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "digest.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "digest.unsent.UnsentMiddleware",
    "digest.middleware.ReaderMiddleware",
    "digest.middleware.StaffMiddleware",
]
ROOT_URLCONF = "digest.urls"
WSGI_APPLICATION = "digest.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [CHECKOUT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
AUTH_USER_MODEL = "digest.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "today"
LOGOUT_REDIRECT_URL = "login"
AUTHENTICATION_BACKENDS = ["digest.entrance.Backend"]
CSRF_FAILURE_VIEW = "digest.views.unsent.refused"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
WHITENOISE_USE_FINDERS = True  # one machine serves from the checkout; no collectstatic to forget
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [CHECKOUT / "digest" / "locale"]
USE_TZ = True
TIME_ZONE = environment.zone("PAPERGLOT_TIME_ZONE", "UTC")

# --- safety -----------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True  # scripts have the token from the page
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_SSL_REDIRECT = SECURE and BEHIND_PROXY  # TLS ends at a proxy; without one it would redirect for ever
# Subdomains and the browsers' preload list are for the domain's owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Whoever watches from inside of the network needs no TLS.
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": [SELF, *_social_origins],
    }
}

LOG_FORMAT = environment.choice("PAPERGLOT_LOG_FORMAT", "plain", "plain json")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {name: {"()": f"digest.log.{name.title()}"} for name in ("plain", "json")},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {
        "handlers": ["stderr"],
        "level": environment.choice("PAPERGLOT_LOG_LEVEL", "INFO", "DEBUG INFO WARNING ERROR CRITICAL"),
    },
    "loggers": {
        name: {"level": "WARNING"}
        for name in ("celery", "kombu", "httpx2", "httpcore2", "sacrebleu", "urllib3")
    },
}

if dsn := environment.text("PAPERGLOT_SENTRY_DSN").strip():
    sentry.start(dsn)
