"""Names of hosts in plain text, which many programs make links of, without any mark and though nobody asked.

>>> [found.start() for found in DOT.finditer("evil.com, WWW.1.org, GPT-4.1. It")]
[4, 13, 15]
"""

import re

DOT = re.compile(r"(?<=\w)\.(?=[^\W\d])|(?<=[wW]{3})\.")  # to be broken by whoever shows such a text
