"""The story of `lockstep demo --story two-weeks`: ten people in three zones, and the clock that both teams believe."""
