"""Before Django loads: a data folder of the test run's own, so that nothing of the machine's is touched.

It stands at the root because pytest-django reads the settings before it reads the conftest of a folder.
"""

import atexit
import os
import shutil
import tempfile

import django
import hypothesis
from django.conf import settings

if settings.configured:
    raise RuntimeError(
        "Django's settings were read too early: the tests would write into your own data folder"
    )
_folder = tempfile.mkdtemp(prefix="broadsheet-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [
    name for name in os.environ if name.startswith("BROADSHEET_") and name != "BROADSHEET_DATABASE_URL"
]:
    del os.environ[_name]
os.environ["BROADSHEET_DATA"] = _folder
os.environ["BROADSHEET_API_RATE"] = (
    "0"  # all tests ask from one address, and for many of them time stands still
)
os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
django.setup()

# A fuzz test that finds something new is a gift on a developer's machine and a riddle in CI.
hypothesis.settings.register_profile("ci", derandomize=True, deadline=None, database=None)
hypothesis.settings.register_profile("here", deadline=None)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "here")
