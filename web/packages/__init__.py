"""The administrators' page of translation packages."""
