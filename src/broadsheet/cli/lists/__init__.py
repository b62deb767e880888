"""`broadsheet list`: every list of the API on a terminal, of this site or of another one."""
