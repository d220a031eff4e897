"""The transcript room: what people correct is laid over the turns step by step; a turn is never altered."""
