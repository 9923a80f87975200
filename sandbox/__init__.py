"""A local Slack: server and browser page, to run and test Lockstep without a workspace.

It meets the bot over HTTP and WebSocket only, as the real Slack does, and imports nothing of it.
"""
