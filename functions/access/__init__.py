"""Who may do what: members and roles, the audit, and the console's one callable."""
