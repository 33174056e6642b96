"""For who works on a notebook: verdicts inside it or at every save, a way on when stuck, and the
folder of copies that is worked in."""
