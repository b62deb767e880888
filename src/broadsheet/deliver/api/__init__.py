"""The site for programs: JSON under /api/v1/, told in an OpenAPI document and on a page for people."""
