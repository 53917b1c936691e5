"""What the session of AWS's own clients is made of."""
