"""What the sessions on all clouds share."""
