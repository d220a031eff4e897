"""An agency's own protocols, words and packs: drafts, editions, and which library an interview keeps."""
