"""The suite: it keeps scripts, tour, transcripts and site true."""

import atexit
import os
import sys

# rich asks for it whenever it draws; the suite may run on none, or a dumb one
os.environ['TERM'] = 'xterm'

if os.path.basename(sys.argv[0]) == 'workertrial.py':
    # comes last, as it is the first to be registered: a worker leaves what it
    # has to the system, since to take it apart, page by page, takes long
    atexit.register(os._exit, 0)
