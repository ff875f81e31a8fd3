"""What happened, told: the journal, terminal lines, secrets left out."""
