"""Trains the compact translation packages that Tellmore carries: data, pieces, network, conversion, judging.

Run as `python -m web.translation.training --help`. Nothing here is loaded when a text is translated.
"""
