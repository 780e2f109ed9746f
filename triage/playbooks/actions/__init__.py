"""What is done with the revisions of a playbook, one verb per function."""
