"""broadsheet doctor: is all well here, and what to do about what is not."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from broadsheet import wiring
from broadsheet.cli.checkup import examine
from broadsheet.cli.findings import Finding, Level


class Command(BaseCommand):
    help = "Look whether all is well: folder, database, index, jobs, sources."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument("--network", action="store_true", help="ask each source once, too")

    def handle(self, *args: Any, json: bool, network: bool, **options: Any) -> None:
        findings = []
        for finding in examine(wiring.clock().now(), may_ask=network):
            findings.append(finding)
            if not json:
                self.stdout.write(_line(finding))
        if json:
            self.stdout.write(_as_json(findings))
        failed = [finding.what for finding in findings if finding.level is Level.FAIL]
        if failed:
            raise CommandError(f"not well: {', '.join(failed)}")


def _line(finding: Finding) -> str:
    remedy = f"\n{'':<23}{finding.remedy}" if finding.remedy else ""
    return f"{finding.level:<5} {finding.what:<16} {finding.text}{remedy}"


def _as_json(findings: list[Finding]) -> str:
    level = max((finding.level for finding in findings), key=list(Level).index)
    return json.dumps({"status": level, "findings": [asdict(finding) for finding in findings]}, indent=1)
