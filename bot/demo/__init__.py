"""A believable small company on a local Slack: to look at (`lockstep demo`) and to check (`lockstep demo-check`)."""
