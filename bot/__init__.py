"""Lockstep: keeps sales and marketing in step inside Slack."""
