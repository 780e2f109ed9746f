"""What is done with playbooks, one verb per file."""
