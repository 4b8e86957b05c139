"""Who may come in: moderators with their sessions, sites with their credentials."""
