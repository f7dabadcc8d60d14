"""The suite: it keeps scripts, tour, transcripts and site true."""
