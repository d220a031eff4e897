"""Rasa's own command line, without the deprecation notes of the libraries it is frozen with.

They would be fifteen lines at every start, and nobody here can act on them. Rasa's own warnings stay.
"""

import sys
import warnings

import pyparsing  # noqa: F401 - this and the next set filters of their own when imported,
import sanic.app  # noqa: F401 - so ours must come later

warnings.simplefilter("ignore", DeprecationWarning)

if __name__ == "__main__":
    from rasa.__main__ import main

    sys.argv[0] = "rasa"
    main()
