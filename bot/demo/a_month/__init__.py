"""The story “a month”: what sales hears, what marketing does about it, what buyers see, and the digests of both."""
