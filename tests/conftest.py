"""Before Django loads: a data folder of the test run's own, so that nothing of the machine's is touched."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="broadsheet-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [
    name for name in os.environ if name.startswith("BROADSHEET_") and name != "BROADSHEET_DATABASE_URL"
]:
    del os.environ[_name]
os.environ["BROADSHEET_DATA"] = _folder
os.environ["DJANGO_SETTINGS_MODULE"] = "broadsheet.config.settings"
