"""
Tracing: runs an unchanged script, and writes down what it did.

    python -m tour.tracing --facts FILE SCRIPT [ARGUMENT …]

The script runs as ``python SCRIPT ARGUMENT …`` would: it prints the same,
ends the same, and nothing of ours is on a stack that it shows. What is
known afterwards stands in FILE, as the lines that ``facts`` describes:

  turns      whom the reactor called, and for how long (``turns``, ``sockets``)
  pieces     what came from a socket, and when (``sockets``)
  chains     each Deferred, and each function that it called (``deferreds``)
  lines      what was printed, and by which function (``printing``)

``chrome`` makes of that what Perfetto and chrome://tracing show.
"""
