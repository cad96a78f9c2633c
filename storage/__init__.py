"""What is kept in Redis or Valkey, encrypted: conversations, duties, staff. Knows nothing of the web."""
