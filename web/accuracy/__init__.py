"""How well turns are coded: figures and every mistake on the held-out dialogues, for administrators."""
