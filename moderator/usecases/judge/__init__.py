"""Judge a submission: what is known around it, local checks, remote checks, asking again."""
