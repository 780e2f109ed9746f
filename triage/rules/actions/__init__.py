"""What is done with drafts of rules, one verb per function."""
