"""The language model: client, prompt, schema and local server. Knows nothing of conversations or storage."""
