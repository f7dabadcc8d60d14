"""The suite: it keeps scripts, tour, transcripts and site true."""

import os

# rich asks for it whenever it draws; the suite may run on none, or a dumb one
os.environ['TERM'] = 'xterm'
