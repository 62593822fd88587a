"""What a page uses to talk to its reader."""
