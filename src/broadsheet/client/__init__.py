"""A client of a Broadsheet's API, for other programs: knows the addresses and nothing of the site's inside.

from broadsheet.client import Client

with Client("https://papers.example.org") as site:
    for paper in site.trending(most=10):
        print(paper["rank"], paper["title"], paper["reason"])
"""

from broadsheet.client.asking import Client
from broadsheet.client.errors import ApiError, ClientError, NoAnswer

__all__ = ["ApiError", "Client", "ClientError", "NoAnswer"]
