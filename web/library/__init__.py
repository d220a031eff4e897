"""The protocol library as pages: which protocols there are, and why each step of one is there."""
