"""What was recorded: chunks that are safe before they are acknowledged, and the turns heard in them."""
