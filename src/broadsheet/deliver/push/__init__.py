"""News pushed to webhooks: what they hold, and the forms that they are sent in."""
