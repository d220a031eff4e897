"""Speech models for administrators: what is here, how good it is, bringing in, choosing and taking away."""
